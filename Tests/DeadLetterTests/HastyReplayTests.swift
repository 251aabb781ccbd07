import Fleet
import FleetTesting
import Ledger
import RabbitMQ
import Synchronization
import Testing

@testable import DeadLetter

/// Without canary one batch is read while the two before are sent and the one before those is written down.
@Suite(
    "Replaying without waiting", .serialized, .enabled(if: (try? TestBroker.shared.get()) != nil),
    .timeLimit(.minutes(5)))
struct HastyReplayTests {
    private static let command = ["replay", "--all", "--no-canary", "--yes", "--reason", "test"]

    @Test(
        "killed at any point, the same command does exactly the rest and loses nothing", .reportsSeed,
        arguments: ["after-replay-confirm", "after-replay-mark"], 0..<6)
    func killed(point: String, round: Int) async throws {
        var random = SeededRandom(round: 900 + round)
        let letters = Int.random(in: 1...1_800, using: &random)
        // They go in batches of 330.
        let batch = Int.random(in: 1...max(1, letters / 330), using: &random)
        try await Desk.with(letters: letters) { desk in
            let crash = try desk.start(Self.command, ["STEVEDORE_CRASH_AT": "\(point):\(batch)"])
            let killed = try await crash.waitForExit(within: .seconds(60))
            #expect(killed == .signalled(9))
            let before = try await desk.ids(in: "orders.to-erp")
            let said = try await desk.run(Self.command + ["--json"])
            let after = try await desk.ids(in: "orders.to-erp")
            #expect(try await desk.ids(in: "orders.to-erp.dead") == [])
            // Three batches at most are sent and not yet written down.
            #expect(before.count + after.count <= letters + 1_000, "\(said)")
            #expect(Set(before + after).count == letters)
            // What the broker takes back from a process that is gone it puts back in any order.
            #expect(Self.isAscending(before))
        }
    }

    @Test(
        "into a queue that is full, with batches right behind each other: nothing is lost, and the same command does the rest"
    )
    func fullBehind() async throws {
        try await Desk.with(letters: 1_300) { desk in
            try await desk.host.setPolicy("full", pattern: "^orders.to-erp$", definition: #"{"max-length":700}"#)
            let stuck = try desk.start(Self.command)
            let status = try await stuck.waitForExit(within: .seconds(150))
            #expect(status == .exited(69), "\(stuck.errors)")
            try await desk.host.setPolicy("full", pattern: "^orders.to-erp$", definition: #"{"max-length":100000}"#)
            let before = try await desk.ids(in: "orders.to-erp")
            _ = try await desk.run(Self.command)
            let after = try await desk.ids(in: "orders.to-erp")
            #expect(try await desk.ids(in: "orders.to-erp.dead") == [])
            #expect(Set(before + after).count == 1_300)
            #expect(before.count + after.count <= 1_300 + 1_000)
        }
    }

    @Test("what is behind a batch of which something was sent once more is sent once more behind it")
    func overtaking() async throws {
        try await Desk.with(letters: 0) { desk in
            let publisher = try Publisher(configuration: desk.broker)
            try await publisher.start()
            let copies = ["a", "b"].map { id in
                OutgoingMessage(
                    exchange: FleetTopology.requeueExchange, routingKey: "orders.to-erp",
                    properties: MessageProperties(messageID: id), body: Array("{}".utf8))
            }
            let turns = Mutex(0)
            let turn = SendTurn(
                handOver: { turns.withLock { $0 += 1 } }, isOvertaking: { () async throws(ProgramError) in true })
            let delivery = try await ReplayPublisher(publisher: publisher).deliver(copies, turn)
            await publisher.close()
            #expect(delivery.isRepeated && delivery.refused.isEmpty)
            #expect(turns.withLock { $0 } == 1)
            #expect(try await desk.ids(in: "orders.to-erp") == ["a", "b", "a", "b"])
        }
    }

    @Test(
        "into a queue that is full: what it takes goes, the rest stays, and the same command does it once there is room"
    )
    func fullQueue() async throws {
        try await Desk.with(letters: 60) { desk in
            try await desk.host.setPolicy("full", pattern: "^orders.to-erp$", definition: #"{"max-length":5}"#)
            let stuck = try desk.start(["replay", "--all", "--reason", "test", "--no-canary", "--rate", "200"])
            let status = try await stuck.waitForExit(within: .seconds(90))
            #expect(status == .exited(69))
            let isNamed = stuck.errors.contains { $0.contains("The broker confirms no more.") }
            #expect(isNamed, "\(stuck.errors)")
            try await desk.host.setPolicy("full", pattern: "^orders.to-erp$", definition: #"{"max-length":100000}"#)
            // Refusing goes on until the queue has been told.
            let rest = try desk.start(["replay", "--all", "--reason", "test", "--no-canary"])
            let end = try await rest.waitForExit(within: .seconds(90))
            #expect(end == .exited(0), "\(rest.errors)")
            let ids = try await desk.ids(in: "orders.to-erp")
            #expect(Set(ids) == Set((0..<60).map { "letter-\($0)" }))
            #expect(try await desk.ids(in: "orders.to-erp.dead") == [])
        }
    }

    @Test("letters go back in the order in which they lay, each is written down, and none is left")
    func order() async throws {
        try await Desk.with(letters: 1_700) { desk in
            #expect(try await desk.run(Self.command) == "Replayed 1,700 letters.")
            #expect(try await desk.ids(in: "orders.to-erp") == (0..<1_700).map { "letter-\($0)" })
            #expect(try await desk.ids(in: "orders.to-erp.dead") == [])
            let states = Set(try await desk.states())
            #expect(states == ["replayed"])
            let marks = try await desk.ledger.read { try $0.first("SELECT count(*) FROM replay") { $0.integer(0) } }
            #expect(marks == 1_700)
            let batches = try await desk.ledger.read { try $0.operatorActions() }
            #expect(batches.reduce(0) { $0 + $1.letters } == 1_700)
        }
    }

    @Test("those that are not meant stay, in their order, between those that go")
    func some() async throws {
        try await Desk.with(letters: 1_300) { desk in
            let said = try await desk.run(Self.command + ["--subject", "SO-*7"])
            #expect(said == "Replayed 130 letters, 1,170 others looked at and left.")
            let all = (0..<1_300).map { "letter-\($0)" }
            #expect(try await desk.ids(in: "orders.to-erp") == all.filter { $0.hasSuffix("7") })
            #expect(try await desk.ids(in: "orders.to-erp.dead") == all.filter { !$0.hasSuffix("7") })
        }
    }

    @Test("asked to stop, it does what it has begun, gives the rest back in its order, and the same command does that")
    func stopped() async throws {
        try await Desk.with(letters: 2_000) { desk in
            let run = try desk.start(Self.command)
            try await eventually(within: .seconds(30), "the first copies") {
                try await desk.host.depth(of: "orders.to-erp")?.messages ?? 0 > 0 || !run.isRunning
            }
            run.terminate()
            let status = try await run.waitForExit(within: .seconds(60))
            let sent = try await desk.ids(in: "orders.to-erp")
            let rest = Count.grouped(2_000 - sent.count)
            let said = "Replayed \(Count.text(sent.count, "letter")), \(rest) of the selected still open."
            // It may have been quicker than the signal.
            #expect(status == .exited(0) || sent.count == 2_000 || run.output.last == said, "\(run.output)")
            #expect(sent == (0..<sent.count).map { "letter-\($0)" })
            _ = try await desk.run(Self.command)
            let others = try await desk.ids(in: "orders.to-erp")
            #expect(others == (sent.count..<2_000).map { "letter-\($0)" })
        }
    }

    private static func isAscending(_ ids: [String]) -> Bool {
        let numbers = ids.compactMap { Int($0.dropFirst("letter-".count)) }
        return numbers.count == ids.count && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    }
}
