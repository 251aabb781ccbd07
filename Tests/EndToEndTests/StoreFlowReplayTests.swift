import Fleet
import FleetTesting
import FoundationEssentials
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("Dead letters on their way to the store, replayed", .needsBroker, .timeLimit(.minutes(10)))
struct StoreFlowReplayTests {
    /// Of each kind; a run sends a hundred at a time.
    private static let count = 500
    /// Shipments whose order the store does not know, and prices in a currency that their accounts do not pay in.
    private static let flows: [StoreFlow] = [.contractPrices, .shipment]

    /// What a run says of itself with `--json`.
    private struct Report: Decodable {
        var replayed: Int
        var removed: Int
        var skipped: Int
        var cameBack: Int
    }

    @Test(
        "once what they lacked is there, by runs that are killed at any point: each is shown once, and counted exactly",
        .reportsSeed)
    func killedWhileReplaying() async throws {
        try await Rig.with(simulator: StoreFlow.company) { rig in
            try await makeLetters(rig)
            try await mend(rig)
            var random = SeededRandom(round: 700)
            for _ in 0..<3 { try await killReplay(rig, using: &random) }
            try await replayTheRest(rig)
            try await expectShownOnce(rig)
        }
    }

    // MARK: - The letters

    /// Real ones, by workers who try once.
    private func makeLetters(_ rig: Rig) async throws {
        let once = ["WORKER_MAXIMUM_ATTEMPTS": "1"]
        var workers: [ChildProcess] = []
        for flow in Self.flows { workers.append(try await rig.startReady(flow.worker, once)) }
        try await rig.publish(try Self.messages(.customer))
        try await rig.waitForStore(.customer, Self.rows(.customer))
        for flow in Self.flows { try await rig.publish(try Self.messages(flow, currency: try Self.euro)) }
        try await eventually(within: .seconds(60), "every letter to be in the index") {
            try await rig.ledger { try Self.letters("open", $0) } == Int64(2 * Self.count)
        }
        for worker in workers { try await rig.stop(worker) }
        for flow in Self.flows { #expect(try await rig.deadLetters(of: flow.queue) == Self.count) }
        #expect(try await rig.ledger { try Self.codes($0) } == ["prices.currency", "shipment.order-unknown"])
        for flow in Self.flows { #expect(try await rig.shown(flow) == [:]) }
    }

    private static func messages(
        _ flow: StoreFlow, revision: Int64 = 1, currency: Currency = .usd
    ) throws -> [OutgoingMessage] {
        try (0..<count).map { number in
            try flow.message("L-\(number)", revision: revision, value: Int64(number), currency: currency)
        }
    }

    private static func rows(_ flow: StoreFlow, revision: Int64 = 1) -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<count).map { ("L-\($0)", flow.row(revision, Int64($0))) })
    }

    private static var euro: Currency { get throws { try #require(Currency("EUR")) } }

    private static func letters(_ state: String, _ snapshot: LedgerSnapshot) throws -> Int64? {
        try snapshot.first("SELECT count(*) FROM dead_letter WHERE state = ?", .text(state)) { $0.integer(0) }
    }

    private static func codes(_ snapshot: LedgerSnapshot) throws -> [String] {
        try snapshot.query("SELECT DISTINCT code FROM dead_letter ORDER BY code") { $0.text(0) }
    }

    /// The order comes, and the accounts come to pay in euros.
    private func mend(_ rig: Rig) async throws {
        let orders = try rig.startWorker(only: "to-store")
        let status = Rig.accepted(StoreFlow.order)
        try await rig.publish([OrderMessages.message(of: status, as: Catalogue.orderStatus)])
        try await eventually("the order") { try await rig.shownState(StoreFlow.order) != nil }
        try await rig.stop(orders)
        let customers = try await rig.startReady(StoreFlow.customer.worker)
        try await rig.publish(try Self.messages(.customer, revision: 2, currency: try Self.euro))
        try await rig.waitForStore(.customer, Self.rows(.customer, revision: 2))
        try await rig.stop(customers)
    }

    // MARK: - The runs

    private static let command = ["replay", "--all", "--reason", "mended by a test", "--json"]

    private func environment(_ rig: Rig) -> [String: String] {
        ["STEVEDORE_AMQP_URLS": rig.host.url, "STEVEDORE_LEDGER_PATH": rig.ledgerPath]
    }

    /// Ends a run with SIGKILL between two of its steps. Whatever is off the queue is safe in its flow then, and there
    /// is more to do.
    private func killReplay(_ rig: Rig, using random: inout SeededRandom) async throws {
        let point = Bool.random(using: &random) ? "after-replay-confirm" : "after-replay-mark"
        let place = "\(point):\(Int.random(in: 1...3, using: &random))"
        let run = try ChildProcess(
            "dead-letter", arguments: Self.command,
            environment: environment(rig).merging(["STEVEDORE_CRASH_AT": place]) { $1 })
        #expect(try await run.waitForExit(within: .seconds(60)) == .signalled(9), "\(place)")
        for flow in Self.flows {
            try await rig.host.waitForDepth(of: FleetTopology.deadQueue(flow.queue)) { $0.unacknowledged == 0 }
        }
        let (left, safe) = (try await rig.storeLetterCount(), try await replayed(rig))
        #expect(left > 0, "\(place)")
        #expect(left + safe >= 2 * Self.count, "\(place)")
    }

    /// How many copies wait in their flows.
    private func replayed(_ rig: Rig) async throws -> Int {
        try await rig.host.depths(of: Self.flows.map(\.queue)).reduce(0) { $0 + ($1?.ready ?? 0) }
    }

    /// What an earlier run wrote down is only taken off, and only that.
    private func replayTheRest(_ rig: Rig) async throws {
        let left = try await rig.storeLetterCount()
        let marked = try await rig.ledger { try Self.marks($0) } ?? 0
        let text = try await ChildProcess.run("dead-letter", arguments: Self.command, environment: environment(rig))
        let report = try JSONDecoder().decode(Report.self, from: Data(text.utf8))
        #expect(report.replayed == 2 * Self.count - Int(marked), "\(text)")
        #expect(report.removed == left - report.replayed, "\(text)")
        #expect(report.skipped == 0 && report.cameBack == 0, "\(text)")
        #expect(try await rig.allDeadLetters() == 0)
    }

    private static func marks(_ snapshot: LedgerSnapshot) throws -> Int64? {
        try snapshot.first("SELECT count(*) FROM replay") { $0.integer(0) }
    }

    // MARK: - The end

    /// Copies of what was replayed twice are duplicates, and no letter is open any more.
    private func expectShownOnce(_ rig: Rig) async throws {
        let copies = try await replayed(rig)
        var workers: [ChildProcess] = []
        for flow in Self.flows { workers.append(try await rig.startReady(flow.worker)) }
        for flow in Self.flows {
            try await rig.waitForStore(flow, Self.rows(flow))
            try await rig.waitUntilEmpty(flow.queue)
        }
        try await rig.expectAppliedOnce()
        #expect(try await rig.ledger { try Self.duplicates($0) } == Int64(copies - 2 * Self.count))
        #expect(try await rig.ledger { try Self.letters("resolved", $0) } == Int64(2 * Self.count))
        #expect(try await rig.allDeadLetters() == 0)
        for worker in workers { try await rig.stop(worker) }
    }

    private static func duplicates(_ snapshot: LedgerSnapshot) throws -> Int64? {
        try snapshot.first("SELECT count(*) FROM journal WHERE stage = 'duplicate'") { $0.integer(0) }
    }
}
