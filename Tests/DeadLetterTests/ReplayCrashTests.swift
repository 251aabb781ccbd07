import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

/// Real processes on a real broker; `scripts/test` starts one.
@Suite(
    "Replaying on a broker", .serialized, .enabled(if: (try? TestBroker.shared.get()) != nil), .timeLimit(.minutes(5)))
struct ReplayCrashTests {
    @Test(
        "killed at any point, the same command does exactly the rest and loses nothing", .reportsSeed,
        arguments: ["after-replay-confirm", "after-replay-mark"], 0..<20)
    func killed(point: String, round: Int) async throws {
        var random = SeededRandom(round: round)
        let letters = Int.random(in: 1...350, using: &random)
        // They go in batches of 100.
        let batch = Int.random(in: 1...(letters + 99) / 100, using: &random)
        try await Desk.with(letters: letters) { desk in
            let crash = try desk.start(
                ["replay", "--all", "--reason", "test"], ["STEVEDORE_CRASH_AT": "\(point):\(batch)"])
            let killed = try await crash.waitForExit(within: .seconds(60))
            #expect(killed == .signalled(9))
            let before = try await desk.ids(in: "orders.to-erp")
            let said = try await desk.run(["replay", "--all", "--reason", "test", "--json"])
            let after = try await desk.ids(in: "orders.to-erp")
            #expect(try await desk.ids(in: "orders.to-erp.dead") == [])
            // Between confirm and mark the crash costs one batch twice, and no more.
            let repeats = point == "after-replay-confirm" ? min(100, letters - (batch - 1) * 100) : 0
            #expect(before.count + after.count == letters + repeats, "\(said)")
            #expect(Set(before + after).count == letters)
        }
    }

    @Test("letters of one subject go back in the order in which they lay")
    func order() async throws {
        try await Desk.with(letters: 250) { desk in
            _ = try await desk.run(["replay", "--all", "--reason", "test"])
            #expect(try await desk.ids(in: "orders.to-erp") == (0..<250).map { "letter-\($0)" })
        }
    }

    @Test("by id, one letter goes and the others stay as they were, in their order")
    func byID() async throws {
        try await Desk.with(letters: 60) { desk in
            let said = try await desk.run(["replay", "letter-50", "--reason", "test"])
            #expect(said == "Replayed 1 letter, 50 others looked at and left.")
            #expect(try await desk.ids(in: "orders.to-erp") == ["letter-50"])
            #expect(try await desk.ids(in: "orders.to-erp.dead") == (0..<60).filter { $0 != 50 }.map { "letter-\($0)" })
        }
    }

    @Test("an unknown id is said, with exit code 1")
    func unknown() async throws {
        try await Desk.with(letters: 1) { desk in
            let process = try desk.start(["replay", "nobody", "--reason", "test"])
            #expect(try await process.waitForExit(within: .seconds(30)) == .exited(1))
            #expect(process.errors.first == "dead-letter: Not in any dead-letter queue: nobody.")
        }
    }

    @Test("a dry run changes nothing")
    func dryRun() async throws {
        try await Desk.with(letters: 3) { desk in
            let said = try await desk.run(["replay", "--all", "--reason", "test", "--dry-run"])
            #expect(said == "Would replay 3 letters.")
            try await desk.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == 3 }
            #expect(try await desk.host.depth(of: "orders.to-erp")?.messages == 0)
        }
    }

    @Test("the replay is in the journal, and the index says replayed")
    func journal() async throws {
        try await Desk.with(letters: 2) { desk in
            _ = try await desk.run(["replay", "--all", "--reason", "product added", "--by", "anna"])
            let entries = try await desk.ledger.read { try $0.journalEntries(messageID: "letter-1") }
            #expect(entries.map(\.stage) == ["replayed"])
            #expect(entries.first?.worker == "anna" && entries.first?.detail == "product added")
            let record = try await desk.ledger.read { try $0.deadLetter(id: "letter-1") }
            #expect(record?.state == .replayed)
        }
    }

    @Test("what found no queue is listed, and replayed once the binding is back; until then it comes straight back")
    func unrouted() async throws {
        try await Desk.with(letters: 1) { desk in
            let binding = Topology.Binding(
                exchange: "commerce", queue: "orders.to-erp", routingKey: "order.placed.v1")
            let admin = try BrokerAdmin(configuration: desk.broker)
            try await admin.unbind(binding)
            // Nor is it copied: then no queue is left.
            try await admin.unbind(.init(exchange: "commerce", queue: "orders.taken", routingKey: "order.placed.v1"))
            try await desk.publish(["lost-1": "order.placed.v1", "lost-2": "order.placed.v9"])
            let list = try await desk.run(["list", "--queue", "unrouted"])
            #expect(list.contains("lost-1") && list.contains("lost-2") && !list.contains("letter-0"))
            let replay = ["replay", "--all", "--queue", "unrouted", "--reason", "test"]
            let early = try desk.start(replay + ["--type", "order.placed.v1"])
            #expect(try await early.waitForExit() == .exited(1))
            #expect(early.errors.first?.contains("came straight back") == true)
            try await admin.bind(binding)
            await admin.close()
            let late = try desk.start(replay)
            #expect(try await late.waitForExit() == .exited(1))
            #expect(late.output == ["Replayed 1 letter, 1 other looked at and left."])
            #expect(late.errors.first?.contains("order.placed.v9") == true)
            #expect(try await desk.ids(in: "orders.to-erp") == ["lost-1"])
            #expect(try await desk.ids(in: "unrouted") == ["lost-2"])
        }
    }

    @Test("letters that another command looks at are not taken for none")
    func held() async throws {
        try await Desk.with(letters: 2) { desk in
            let other = try BrokerAdmin(configuration: desk.broker)
            for _ in 0..<2 { _ = try await other.get(queue: "orders.to-erp.dead") }
            let replay = try desk.start(["replay", "--all", "--reason", "test"])
            #expect(try await replay.waitForExit() == .exited(1))
            #expect(replay.errors.contains { $0.contains("the index knows 2 open letters") })
            await other.close()
            try await desk.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == 2 }
            #expect(try await desk.run(["replay", "--all", "--reason", "test"]) == "Replayed 2 letters.")
        }
    }

    @Test("a short look into a queue shows its newest letters")
    func newest() async throws {
        try await Desk.with(letters: 5) { desk in
            let list = try await desk.run(["list", "--browse", "--limit", "2"])
            #expect(list.contains("letter-3") && list.contains("letter-4") && !list.contains("letter-2"))
            let refused = try desk.start(["list", "--browse", "--state", "replayed"])
            #expect(try await refused.waitForExit() == .exited(64))
        }
    }

    @Test("without a ledger the list looks into the queues and leaves them as they were")
    func browse() async throws {
        try await Desk.with(letters: 3) { desk in
            let said = try await desk.run(["list", "--browse", "--code", "rejected.*"])
            #expect(said.split(separator: "\n").count == 4)
            try await desk.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == 3 }
            let shown = try await desk.run(["show", "letter-2"])
            #expect(shown.contains("^ The ERP does not know X."))
        }
    }
}
