import Fleet
import FleetTesting
import FoundationEssentials
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("A dead letter, replayed", .needsBroker, .timeLimit(.minutes(15)))
struct ReplayTests {
    @Test("made by the broker because of too many returns goes round the tiers and comes back instead of vanishing")
    func deliveryLimit() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            try await rig.place(["returned"])
            try await returnUntilDead(rig)
            let first = try #require(try await rig.letters().first)
            #expect(first.properties.headers["x-death"] != nil)

            try await rig.simulator.fault(#"{"kind":"error","method":"POST","path":"/orders"}"#)
            let worker = try rig.startWorker(["WORKER_MAXIMUM_ATTEMPTS": "3"])
            try await WorkerHealth(of: worker).waitUntilReady()
            try await replay(rig, ["--no-canary"])
            let second = try await eventually("the letter to be back") {
                try await rig.letters().first { $0.properties.headers[MessageHeader.code] != nil }
            }
            #expect(second.body.bytes == first.body.bytes)
            let headers = second.properties.headers
            // The broker counts returns of its own; records of death would make it drop the message as a cycle.
            let foreign = headers.entries.map(\.name).filter { $0.hasPrefix("x-") && $0 != "x-delivery-count" }
            #expect(foreign == [])
            #expect(headers[MessageHeader.attempt]?.integer == 3)
            #expect(headers[MessageHeader.category]?.text == "transient")

            try await replay(rig, ["--no-canary"])
            try await eventually("a second round") {
                let letters = try await rig.letters()
                let journal = try await rig.journal("returned")
                return letters.count == 1 && journal.filter { $0.stage == "dead-lettered" }.count == 2
            }
            try await rig.simulator.clearFaults()
            try await replay(rig, ["--no-canary"])
            try await rig.waitForOrders(["returned"])
            #expect(try await rig.deadLetters() == 0)
            try await rig.expectOnce(["returned"])
            try await rig.stop(worker)
        }
    }

    /// What a run says of itself with `--json`.
    private struct Report: Decodable {
        var replayed: Int
        var removed: Int
        var skipped: Int
        var cameBack: Int
    }

    @Test(
        "killed five times at any point of a thousand, each is replayed by the runs after it, counted exactly, and has one effect",
        .reportsSeed, arguments: 0..<4)
    func killedWhileReplaying(_ round: Int) async throws {
        try await Rig.with { rig in
            var random = SeededRandom(round: 500 + round)
            let numbers = (0..<1_000).map { "letter-\(round)-\($0)" }
            try await fill(rig, numbers)
            for kill in 0..<5 {
                let comment: Comment = "round \(round), kill \(kill)"
                try await killReplay(rig, using: &random, comment)
                // Whatever is off the queue is safe in its flow, and there was more to do.
                let left = try await rig.deadLetters()
                #expect(left > 0, comment)
                let safe = try await rig.host.depth(of: "orders.to-erp")?.ready ?? 0
                #expect(left + safe >= numbers.count, comment)
            }
            try await rig.host.waitForDepth(of: "orders.to-erp.dead") { $0.unacknowledged == 0 }
            let left = try await rig.deadLetters()
            let marked = try await rig.ledger { snapshot in
                Int(try snapshot.first("SELECT count(*) FROM replay") { $0.integer(0) } ?? 0)
            }
            let text = try await replay(rig, ["--json"])
            let report = try JSONDecoder().decode(Report.self, from: Data(text.utf8))
            // What an earlier run wrote down is only taken off, and only that.
            #expect(report.replayed == numbers.count - marked, "\(text)")
            #expect(report.removed == left - report.replayed, "\(text)")
            #expect(report.skipped == 0 && report.cameBack == 0, "\(text)")
            #expect(try await rig.deadLetters() == 0)
            let worker = try rig.startWorker()
            try await rig.waitForOrders(Dictionary(numbers.map { ($0, 1) }) { $1 }, within: .seconds(180))
            try await rig.waitUntilQuiet()
            try await rig.expectOnce(numbers)
            try await rig.expectShownOnce(numbers)
            try await rig.stop(worker)
        }
    }

    /// Ends a run with SIGKILL before it has come to its end: between two of its steps, or wherever it happens to be.
    private func killReplay(_ rig: Rig, using random: inout SeededRandom, _ comment: Comment) async throws {
        let points = ["after-replay-confirm", "after-replay-mark"]
        guard let point = points.randomElement(using: &random), Int.random(in: 0..<3, using: &random) > 0 else {
            return try await killReplay(rig, after: Int.random(in: 1_000...150_000, using: &random), comment)
        }
        let run = try startReplay(rig, ["STEVEDORE_CRASH_AT": "\(point):\(Int.random(in: 1...2, using: &random))"])
        #expect(try await run.waitForExit(within: .seconds(60)) == .signalled(9), comment)
    }

    /// Once it has sent so much to the broker, of a batch of letters or of questions for the next one. Each answer takes
    /// its time, so that nobody has to be quick.
    private func killReplay(_ rig: Rig, after bytes: Int, _ comment: Comment) async throws {
        let proxy = try rig.proxy()
        proxy.mode = .latency(.milliseconds(5))
        // Beside many other tests a login through it takes long.
        let run = try startReplay(
            rig, ["STEVEDORE_AMQP_URLS": proxy.url(insteadOf: rig.host.url), "STEVEDORE_AMQP_CONNECT_TIMEOUT": "60s"])
        try await eventually(within: .seconds(60), "\(bytes) bytes, or the end") {
            proxy.bytesToServer >= bytes || !run.isRunning
        }
        try await run.kill()
        let said = run.errors.suffix(3).joined(separator: "\n")
        #expect(run.status == .signalled(9), "\(comment.rawValue), after \(proxy.bytesToServer) bytes: \(said)")
    }

    /// A thousand letters as workers leave them: the ERP refused what it takes by now.
    private func fill(_ rig: Rig, _ numbers: [String]) async throws {
        let time = Timestamp.now()
        try await rig.publish(
            try numbers.map { number in
                var message = OrderMessages.message(try OrderMessages.order(number), id: number)
                message.exchange = FleetTopology.deadExchange
                message.routingKey = FleetTopology.deadQueue("orders.to-erp")
                message.properties.headers = [
                    MessageHeader.code: "rejected.unknown-sku", MessageHeader.attempt: 1,
                    MessageHeader.lastFailedAt: .string(time.description),
                ]
                return message
            })
        let ledger = try Ledger.open(path: rig.ledgerPath)
        try await ledger.write { transaction in
            for number in numbers {
                try transaction.recordDeadLetter(
                    DeadLetterRecord(
                        id: number, queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1",
                        subject: number, revision: 1, code: "rejected.unknown-sku", category: "rejected",
                        sentence: "The ERP does not know the product.", fingerprint: "f", attempts: 1,
                        firstFailedAt: time.microseconds, lastFailedAt: time.microseconds))
            }
        }
        await ledger.close()
    }

    /// A consumer that never manages: takes the message and gives it back, past the delivery limit.
    private func returnUntilDead(_ rig: Rig) async throws {
        try await rig.withAdmin { admin in
            try await eventually("the broker to give up on the message") {
                while let delivery = try await admin.get(queue: "orders.to-erp") {
                    try await admin.settle([.requeue(delivery.tag)])
                }
                return try await rig.deadLetters() == 1
            }
        }
    }

    @discardableResult
    private func replay(_ rig: Rig, _ more: [String] = []) async throws -> String {
        try await ChildProcess.run("dead-letter", arguments: Self.command + more, environment: environment(rig))
    }

    private func startReplay(_ rig: Rig, _ more: [String: String] = [:]) throws -> ChildProcess {
        try ChildProcess(
            "dead-letter", arguments: Self.command, environment: environment(rig).merging(more) { $1 })
    }

    private static let command = ["replay", "--all", "--reason", "tried by a test"]

    private func environment(_ rig: Rig) -> [String: String] {
        ["STEVEDORE_AMQP_URLS": rig.host.url, "STEVEDORE_LEDGER_PATH": rig.ledgerPath]
    }
}
