import Fleet
import FleetTesting
import Ledger
import RabbitMQ
import Testing

@Suite("A replay beside a running worker", .needsBroker, .timeLimit(.minutes(10)))
struct ReplayPlanTests {
    private static let numbers = (0..<25).map { "canary-\($0)" }
    private static let command = ["replay", "--all", "--reason", "tried by a test"]

    @Test("stops after its first letter when the cause is not mended; once it is, all go in growing steps, each once")
    func canary() async throws {
        try await Rig.with { rig in
            let worker = try await refused(rig)
            let early = try start(rig)
            #expect(try await early.waitForExit(within: .seconds(90)) == .exited(1))
            #expect(early.output == ["Replayed 1 letter, 1 failed again and are back."])
            #expect(early.errors.contains { $0.contains("failed again for the same cause") }, "\(early.errors)")
            #expect(try await rig.deadLetters() == 25)

            try await mend(rig)
            let late = try start(rig)
            #expect(try await late.waitForExit(within: .seconds(90)) == .exited(0), "\(late.errors)")
            #expect(late.output == ["Replayed 25 letters (25 applied)."])
            try await expectAllOnce(rig, worker)
            #expect(try await steps(rig) == [1, 1, 10, 14])
        }
    }

    @Test("killed between two steps, the same command does exactly the rest")
    func killed() async throws {
        try await Rig.with { rig in
            let worker = try await refused(rig)
            try await mend(rig)
            let killed = try start(rig, ["STEVEDORE_CRASH_AT": "after-replay-mark:2"])
            #expect(try await killed.waitForExit(within: .seconds(90)) == .signalled(9))
            try await rig.host.waitForDepth(of: "orders.to-erp.dead") { $0.unacknowledged == 0 && $0.ready == 24 }
            let rest = try start(rig)
            #expect(try await rest.waitForExit(within: .seconds(90)) == .exited(0), "\(rest.errors)")
            #expect(rest.output == ["Replayed 14 letters (14 applied), 10 of an earlier run taken off the queue."])
            try await expectAllOnce(rig, worker)
        }
    }

    @Test("a step of which nothing is known in time is the last, and says so; the same command does the rest")
    func noOutcome() async throws {
        try await Rig.with { rig in
            let worker = try await refused(rig)
            try await mend(rig)
            try await rig.simulator.fault(#"{"kind":"hang","method":"POST","path":"/orders"}"#)
            let early = try start(rig, arguments: ["--patience", "2"])
            #expect(try await early.waitForExit(within: .seconds(90)) == .exited(1))
            #expect(early.errors.contains { $0.contains("of 1 letter nothing is known after 2 s") }, "\(early.errors)")
            #expect(try await rig.deadLetters() == 24)
            try await rig.simulator.clearFaults()
            _ = try await start(rig, arguments: ["--no-canary"]).waitForExit(within: .seconds(90))
            try await expectAllOnce(rig, worker)
        }
    }

    // MARK: - Steps

    /// A worker, and letters of orders for a product that the ERP does not know.
    private func refused(_ rig: Rig) async throws -> ChildProcess {
        let worker = try rig.startWorker()
        try await WorkerHealth(of: worker).waitUntilReady()
        try await rig.publish(
            try Self.numbers.map { OrderMessages.message(try OrderMessages.order($0, sku: "NEW-1")) })
        try await eventually(within: .seconds(60), "every letter to be in the index") {
            try await rig.ledger { try $0.deadLetterCount() } == Self.numbers.count
        }
        try await rig.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == Self.numbers.count }
        return worker
    }

    private func mend(_ rig: Rig) async throws {
        try await rig.simulator.control(
            "changes/products", #"{"sku":"NEW-1","name":"Added late","unit":"C62","active":true}"#)
    }

    private func start(
        _ rig: Rig, _ settings: [String: String] = [:], arguments: [String] = []
    ) throws -> ChildProcess {
        try ChildProcess(
            "dead-letter", arguments: Self.command + arguments,
            environment: ["STEVEDORE_AMQP_URLS": rig.host.url, "STEVEDORE_LEDGER_PATH": rig.ledgerPath].merging(
                settings
            ) {
                $1
            })
    }

    private func expectAllOnce(_ rig: Rig, _ worker: ChildProcess) async throws {
        try await rig.waitForOrders(Self.numbers)
        try await rig.waitUntilQuiet()
        // Each was heard of before, when it was refused; it is taken once.
        let orders = try await rig.simulator.summary().orders
        #expect(orders == Self.numbers.count)
        #expect(try await rig.deadLetters() == 0)
        #expect(try await rig.ledger { try $0.deadLetterCount(DeadLetterFilter(state: .resolved)) } == 25)
        try await rig.stop(worker)
    }

    /// How many letters each batch had, in order.
    private func steps(_ rig: Rig) async throws -> [Int] {
        try await rig.ledger { try $0.operatorActions().map(\.letters) }.reversed()
    }
}
