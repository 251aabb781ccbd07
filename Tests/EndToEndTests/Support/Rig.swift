import Fleet
import FleetTesting
import HTTPClient
import Ledger
import Models
import RabbitMQ
import Testing

/// A whole fleet of one test's own: a virtual host with the topology, an ERP simulator, a ledger, and real workers.
struct Rig {
    let host: VirtualHost
    let directory: TemporaryDirectory
    let simulator: SimulatorProcess
    let publisher: Publisher

    /// Lends a fleet for the time of the body; every process is gone afterwards.
    static func with<Result>(
        broker: TestBroker? = nil, simulator arguments: [String] = [],
        isolation: isolated (any Actor)? = #isolation, _ body: (Rig) async throws -> Result
    ) async throws -> Result {
        let broker = try broker ?? TestBroker.shared.get()
        return try await broker.withVirtualHost { host in
            let directory = try TemporaryDirectory()
            let simulator = try await SimulatorProcess.start(arguments, database: directory.file("erp.db"))
            let configuration = try BrokerConfiguration(urls: [host.url], connectionName: "test")
            let admin = try BrokerAdmin(configuration: configuration)
            try await TopologyDoctor(admin: admin, plan: .fleet()).apply()
            await admin.close()
            let publisher = try Publisher(configuration: configuration)
            try await publisher.start()
            let rig = Rig(host: host, directory: directory, simulator: simulator, publisher: publisher)
            defer { withExtendedLifetime(directory) {} }
            do {
                let result = try await body(rig)
                await publisher.close()
                try await simulator.process.kill()
                return result
            } catch {
                await publisher.close()
                try await simulator.process.kill()
                throw error
            }
        }
    }

    var ledgerPath: String { directory.file("ledger.db") }

    /// What every worker of this fleet is told.
    var workerEnvironment: [String: String] {
        [
            "STEVEDORE_AMQP_URLS": host.url, "STEVEDORE_LEDGER_PATH": ledgerPath,
            "STEVEDORE_ERP_REST_URL": simulator.url, "STEVEDORE_WORKER_LEASE": "2s",
        ]
    }

    /// Starts an orders worker; `settings` are environment variables without their `STEVEDORE_`.
    func startWorker(_ settings: [String: String] = [:], only: String? = nil) throws -> ChildProcess {
        try start("orders-worker", settings, arguments: only.map { ["--only", $0] } ?? [])
    }

    /// Starts any worker program.
    func start(
        _ program: String, _ settings: [String: String] = [:], arguments: [String] = []
    ) throws -> ChildProcess {
        var environment = workerEnvironment
        for (name, value) in settings { environment["STEVEDORE_" + name] = value }
        return try ChildProcess(program, arguments: arguments, environment: environment)
    }

    /// Publishes and demands a confirm for each.
    func publish(_ messages: [OutgoingMessage]) async throws {
        let outcomes = await publisher.publish(messages)
        let unconfirmed = outcomes.filter { $0 != .confirmed }
        guard unconfirmed.isEmpty else { throw RigError.unconfirmed(unconfirmed) }
    }

    /// Waits until every order is applied at `revision` and shown, and no follow-up waits.
    func waitForOrders(
        _ numbers: [String], revision: Int64 = 1, within limit: Duration = .seconds(60)
    ) async throws {
        try await waitForOrders(Dictionary(numbers.map { ($0, revision) }) { $1 }, within: limit)
    }

    /// The same, each at a revision of its own.
    func waitForOrders(_ revisions: [String: Int64], within limit: Duration = .seconds(60)) async throws {
        try await eventually(within: limit, "all \(revisions.count) orders to be applied and shown") {
            try await ledger { snapshot in
                try snapshot.outboxCount() == 0
                    && revisions.allSatisfy { number, revision in
                        let state = try snapshot.subjectState(family: "order", subject: number)
                        let shown = try snapshot.first(
                            "SELECT answered_revision FROM store_order WHERE number = ?", .text(number)
                        ) { $0.integer(0) }
                        return state?.revision == revision && shown == revision
                    }
            }
        }
    }

    /// Looks into the ledger, as a tool would, beside the running workers.
    func ledger<Value: Sendable>(
        at path: String? = nil, _ body: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws -> Value {
        let ledger = try Ledger.openReadOnly(path: path ?? ledgerPath)
        let result = try await ledger.read(body)
        await ledger.close()
        return result
    }

    /// Ready and unacknowledged messages of a queue, and of its retry tiers.
    func backlog(of flow: String) async throws -> Int {
        let queues = [flow] + RetryTier.allCases.map { FleetTopology.retryQueue(flow, $0) }
        return try await host.depths(of: queues).reduce(0) { $0 + ($1?.messages ?? 0) }
    }

    /// Waits until nothing is on its way in either direction: looks along the road, for what leaves one place is in the next.
    func waitUntilQuiet(within limit: Duration = .seconds(60), ledger path: String? = nil) async throws {
        try await eventually(within: limit, "the queues to be empty") {
            let toERP = try await backlog(of: "orders.to-erp")
            guard toERP == 0 else { throw RigError.unexpectedAnswer("\(toERP) messages for the ERP") }
            let unsent = try await ledger(at: path) { try $0.outboxCount() }
            guard unsent == 0 else { throw RigError.unexpectedAnswer("\(unsent) messages not published yet") }
            let toStore = try await backlog(of: "orders.to-store")
            guard toStore == 0 else { throw RigError.unexpectedAnswer("\(toStore) messages for the store") }
            return true
        }
    }

    /// Waits until a flow's queue and its retry tiers are empty.
    func waitUntilEmpty(_ flow: String) async throws {
        try await eventually(within: .seconds(60), "the queue to be empty") { try await backlog(of: flow) == 0 }
    }

    /// Why messages became dead letters, as the ledger has it.
    func deadLetterReasons() async throws -> [String] {
        try await ledger { snapshot in
            try snapshot.query("SELECT id || ': ' || code || ': ' || sentence FROM dead_letter") { $0.text(0) }
        }
    }

    /// What is in a dead-letter queue.
    func deadLetters(of flow: String = "orders.to-erp") async throws -> Int {
        try await host.depth(of: FleetTopology.deadQueue(flow))?.messages ?? -1
    }
}

/// What a rig can fail at by itself.
enum RigError: Error {
    case unconfirmed([PublishOutcome])
    case unexpectedAnswer(String)
}
