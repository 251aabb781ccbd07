import Fleet
import FleetTesting
import Ledger
import RabbitMQ
import Testing

@Suite("A worker that starts", .needsBroker, .timeLimit(.minutes(10)))
struct StartTests {
    /// What a person got wrong.
    enum Mistake: String, CaseIterable {
        case brokerURL = "a broker URL that is none"
        case password = "a wrong password"
        case virtualHost = "a virtual host that does not exist"
        case permission = "a user who may not read the queue"
        case missingQueue = "a queue that was never declared"
        case otherQueue = "a queue of another shape"
        case setting = "a setting with a wrong value"
        case folder = "a ledger in a folder that does not exist"
        case foreignFile = "a ledger file that is something else"
        case newerLedger = "a ledger that a newer version has written"
        case readOnlyLedger = "a ledger that this user may only read"

        /// What the sentence has to name, and what the remedy has to say.
        var expected: [String] {
            switch self {
            case .brokerURL: ["STEVEDORE_AMQP_URLS: `amqp.urls`: ", "stevedore config check"]
            case .password: ["refused the user name", "Check the user name"]
            case .virtualHost: ["virtual host does not exist", "Create the virtual host"]
            case .permission: ["orders.to-erp", "Give the user the missing permission"]
            case .missingQueue: ["The queue orders.to-erp.retry.5s is missing", "stevedore topology apply"]
            case .otherQueue: ["orders.to-erp exists in another shape", "x-dead-letter-exchange", "delete_queue"]
            case .setting: ["STEVEDORE_WORKER_PREFETCH", "whole number from 1 to 2000", "stevedore config check"]
            case .folder: ["cannot be opened", "Check that the folder exists"]
            case .foreignFile: ["damaged or not a database", "latest backup"]
            case .newerLedger: ["newer", "backup"]
            case .readOnlyLedger: ["cannot be written", "permission"]
            }
        }
    }

    @Test(
        "on something that a person must mend says so with the remedy, and exits with 78", arguments: Mistake.allCases)
    func mistake(_ mistake: Mistake) async throws {
        try await Rig.with { rig in
            let settings = try await settings(mistake, rig)
            let queues = try await rig.host.queues()
            let worker = try rig.startWorkerWithoutPrivilege(settings)
            #expect(try await worker.waitForExit() == .exited(78))
            // Nothing is mended behind a person's back, under another name least of all.
            #expect(try await rig.host.queues() == queues)
            let said = worker.errors.filter { !$0.hasPrefix("time=") }
            let text = said.joined(separator: "\n")
            #expect(text.hasPrefix("orders-worker: "))
            for part in mistake.expected { #expect(text.contains(part), "\(text)") }
            #expect((2...8).contains(said.count), "\(text)")
            #expect(!text.contains("Fatal error") && !text.contains(" at /") && !text.contains("Thread "), "\(text)")
            #expect(worker.output == [])
        }
    }

    private func settings(_ mistake: Mistake, _ rig: Rig) async throws -> [String: String] {
        let host = rig.host
        switch mistake {
        case .brokerURL: return ["AMQP_URLS": "broker.example:5672"]
        case .password: return ["AMQP_URLS": host.url.replacing("guest:guest", with: "guest:wrong")]
        case .virtualHost: return ["AMQP_URLS": host.url + "-not"]
        case .permission: return ["AMQP_URLS": try await host.addUser(configure: "^$", read: "^$")]
        case .missingQueue: try await host.deleteQueue("orders.to-erp.retry.5s")
        case .otherQueue:
            try await redeclare("orders.to-erp", rig)
        case .setting: return ["WORKER_PREFETCH": "many"]
        case .folder: return ["LEDGER_PATH": rig.directory.file("not/there/ledger.db")]
        case .foreignFile: return ["LEDGER_PATH": BuiltProducts.checkout + "/Package.swift"]
        case .newerLedger: try await withNewLedger(rig) { try await $0.write { _ = try $0.execute(text: Self.newer) } }
        case .readOnlyLedger:
            try await withNewLedger(rig) { _ in }
            try await ChildProcess.run("/bin/chmod", arguments: ["a-w", rig.ledgerPath])
        }
        return [:]
    }

    @Test("with a limit of open files that is too low says so, whatever it would have met first", arguments: 1...31)
    func fewFiles(eights: Int) async throws {
        let worker = try startWithFiles("ulimit -n \(eights * 8)", [:])
        #expect(try await worker.waitForExit() == .exited(78))
        #expect(worker.errors.first?.contains("may have only \(eights * 8) files") == true, "\(worker.errors)")
    }

    @Test("with a low limit of open files that it may raise itself raises it")
    func raisedFiles() async throws {
        try await Rig.with { rig in
            let worker = try startWithFiles("ulimit -S -n 40", rig.workerEnvironment)
            try await WorkerHealth(of: worker).waitUntilReady()
            try await rig.stop(worker)
        }
    }

    private func startWithFiles(_ limit: String, _ environment: [String: String]) throws -> ChildProcess {
        let program = try BuiltProducts.executable("orders-worker")
        return try ChildProcess(
            "/bin/sh", arguments: ["-c", "\(limit); exec \"$0\"", program], environment: environment)
    }

    /// What a later version of the fleet leaves behind.
    private static let newer = "UPDATE schema_version SET version = 900 + version WHERE component = 'ledger'"

    private func withNewLedger(_ rig: Rig, _ body: (Ledger) async throws -> Void) async throws {
        let ledger = try Ledger.open(path: rig.ledgerPath)
        try await body(ledger)
        await ledger.close()
    }

    @Test("without a broker waits for it, live but not ready, and says so once; then it works")
    func absentBroker() async throws {
        try await Rig.with { rig in
            let proxy = try rig.proxy()
            proxy.mode = .refuse
            try await rig.place(["early"])
            let worker = try rig.startWorker(["AMQP_URLS": proxy.url(insteadOf: rig.host.url), "LOG_LEVEL": "debug"])
            let health = try await WorkerHealth(of: worker)
            try await health.waitUntilNotReady(because: "cannot be reached")
            try await eventually(within: .seconds(20), "several attempts to connect") { losses(worker).count >= 4 }
            #expect(losses(worker).filter { $0.contains("level=warning") }.count == 1)
            #expect(try await health.isLive())
            proxy.mode = .pass
            try await health.waitUntilReady()
            try await rig.waitForOrders(["early"])
            try await rig.stop(worker)
        }
    }

    /// Every failed attempt; only the first of a kind is more than a debug message.
    private func losses(_ worker: ChildProcess) -> [String] { worker.errors.filter { $0.contains("broker lost") } }

    @Test("and is stopped before it has found a broker exits at once with 0")
    func stoppedWithoutBroker() async throws {
        try await Rig.with { rig in
            let proxy = try rig.proxy()
            proxy.mode = .refuse
            let worker = try rig.startWorker([
                "AMQP_URLS": proxy.url(insteadOf: rig.host.url), "WORKER_GRACE": "10m",
            ])
            try await worker.waitForLine(containing: "broker lost")
            try await rig.stop(worker)
        }
    }

    @Test("while another program holds the ledger waits for it and says so; then it works")
    func heldLedger() async throws {
        try await Rig.with { rig in
            try await rig.place(["early"])
            let worker = try await rig.holdingLedger {
                let worker = try rig.startWorker()
                try await worker.waitForLine { $0.contains("waiting for the ledger") && $0.contains("kept busy") }
                #expect(worker.status == nil)
                return worker
            }
            try await WorkerHealth(of: worker).waitUntilReady()
            try await rig.waitForOrders(["early"])
            try await rig.stop(worker)
        }
    }

    @Test("asked to stop while it waits for the ledger, it is gone at once, and with 0")
    func stoppedWithoutLedger() async throws {
        try await Rig.with { rig in
            try await rig.holdingLedger {
                let worker = try rig.startWorker()
                try await worker.waitForLine { $0.contains("waiting for the ledger") }
                worker.terminate()
                #expect(try await worker.waitForExit() == .exited(0))
            }
        }
    }

    @Test("on a connection that breaks at any moment of the start tries again until it is ready")
    func brokenWhileStarting() async throws {
        try await Rig.with { rig in
            for bytes in [100, 560, 640, 1_100, 1_250, 1_500, 1_900, 2_400] {
                let proxy = try rig.proxy()
                proxy.mode = .resetAfter(bytes: bytes, .toClient)
                let worker = try rig.startWorker(["AMQP_URLS": proxy.url(insteadOf: rig.host.url)])
                do {
                    try await WorkerHealth(of: worker).waitUntilReady()
                } catch {
                    Issue.record(
                        "after \(bytes) bytes: \(worker.errors.suffix(5)); \(String(describing: worker.status))")
                    throw error
                }
                #expect(proxy.mode == .pass, "after \(bytes) bytes")
                try await rig.stop(worker)
            }
        }
    }

    @Test("as a user who may not compare queues names them, and leaves one of another shape on the broker as it is")
    func uncomparedQueue() async throws {
        try await Rig.with { rig in
            try await redeclare("orders.to-erp", rig)
            let queues = try await rig.host.queues()
            let worker = try rig.startWorker(["AMQP_URLS": try await rig.host.addUser(configure: "^$")])
            // It cannot see the difference, so it may work; what it must not do is mend it.
            try await worker.waitForLine(containing: "message=ready", within: .seconds(60))
            #expect(try uncompared(worker) == allNames)
            #expect(try await rig.host.queues() == queues)
            try await rig.stop(worker)
        }
    }

    @Test("as the user it is meant to be compares its flow queues, and names the others for those who may")
    func leastPrivilege() async throws {
        try await Rig.with { rig in
            let user = try await rig.host.addUser(configure: #"^(orders\.to-erp|orders\.to-store|orders\.taken)$"#)
            let tier = "orders.to-erp.retry.5s"
            try await redeclare(tier, rig)
            let worker = try rig.startWorker(["AMQP_URLS": user])
            try await worker.waitForLine(containing: "message=ready", within: .seconds(60))
            #expect(
                try uncompared(worker) == allNames.subtracting(["orders.to-erp", "orders.to-store", "orders.taken"]))
            try await rig.stop(worker)
            // What the line tells a person to do shows it.
            let check = try ChildProcess(
                "stevedore", arguments: ["topology", "check"], environment: ["STEVEDORE_AMQP_URLS": rig.host.url])
            #expect(try await check.waitForExit() == .exited(1))
            let said = (check.output + check.errors).joined(separator: "\n")
            #expect(said.contains("The queue \(tier) exists in another shape"), "\(said)")

            try await redeclare("orders.to-store", rig)
            let other = try rig.startWorker(["AMQP_URLS": user])
            #expect(try await other.waitForExit() == .exited(78))
            #expect(other.errors.contains { $0.contains("The queue orders.to-store exists in another shape") })
        }
    }

    /// A queue of the same name without anything that the fleet relies on.
    private func redeclare(_ queue: String, _ rig: Rig) async throws {
        try await rig.host.deleteQueue(queue)
        try await rig.withAdmin { _ = try await $0.declare(Topology.Queue.quorum(queue)) }
    }

    /// What the worker's log says that it could not compare.
    private func uncompared(_ worker: ChildProcess) throws -> Set<String> {
        let line = try #require(worker.errors.first { $0.contains("topology partly compared") })
        #expect(line.contains("stevedore topology check"), "\(line)")
        let field = try #require(line.split(separator: " ").first { $0.hasPrefix("uncompared=") })
        return Set(field.dropFirst("uncompared=".count).split(separator: ",").map(String.init))
    }

    /// Every exchange and queue that the orders worker relies on.
    private var allNames: Set<String> {
        let plan = TopologyPlan.fleet(flows: ["orders.to-erp", "orders.to-store", "orders.taken"])
        return Set(plan.exchanges.map(\.name) + plan.queues.map(\.name)).subtracting([FleetTopology.unroutedQueue])
    }
}
