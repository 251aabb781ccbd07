import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

/// Real processes on a real broker; `scripts/test` starts one.
@Suite(
    "Planning a replay, and discarding", .serialized, .enabled(if: (try? TestBroker.shared.get()) != nil),
    .timeLimit(.minutes(5)))
struct ReplayPlanTests {
    @Test("what has arrived is taken off and resolved, what would fail is left, unless forced; the plan says so before")
    func judged() async throws {
        try await Desk.with(letters: 4) { desk in
            try await desk.apply("SO-1", revision: 1, id: "letter-1")
            try await desk.apply("SO-2", revision: 5, id: "newer")
            try await desk.apply("SO-3", revision: 1, id: "letter-3", isOther: true)
            let plan = try desk.start(["replay", "--all", "--reason", "test", "--dry-run"])
            #expect(try await plan.waitForExit() == .exited(0))
            #expect(
                plan.output == [
                    "Would replay 1 letter, 2 resolved, because their objects have arrived, 1 left: still invalid."
                ])
            try await desk.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == 4 }
            let said = try await desk.run(["replay", "--all", "--reason", "test"])
            #expect(said == "Replayed 1 letter, 2 resolved, because their objects have arrived, 1 left: still invalid.")
            #expect(try await desk.states() == ["replayed", "resolved", "resolved", "open"])
            let notes = try await desk.notes(["letter-1", "letter-2"])
            #expect(notes == ["Its object has arrived as it says.", "Revision 5 of its object has arrived."])
            #expect(try await desk.ids(in: "orders.to-erp") == ["letter-0"])
            let named = try desk.start(["replay", "letter-3", "--reason", "test"])
            #expect(try await named.waitForExit() == .exited(1))
            #expect(named.errors.contains { $0.contains("still invalid") })
            let idle = try desk.start(["replay", "--all", "--reason", "test"])
            #expect(try await idle.waitForExit() == .exited(1))
            #expect(idle.output == ["Replayed 0 letters, 1 left: still invalid."])
            #expect(idle.errors.contains { $0.contains("Nothing was sent, although letters are left") })
            #expect(try await desk.run(["replay", "letter-3", "--reason", "test", "--force"]) == "Replayed 1 letter.")
            #expect(try await desk.ids(in: "orders.to-erp") == ["letter-3"])
        }
    }

    @Test("the plan is read from the index and the kept bodies, flow by flow, and is part of the JSON")
    func plan() async throws {
        try await Desk.with(letters: 3) { desk in
            try await desk.keepBodies(3)
            try await desk.apply("SO-2", revision: 5, id: "newer")
            let process = try desk.start(["replay", "--all", "--reason", "test", "--dry-run", "--rate", "2"])
            #expect(try await process.waitForExit() == .exited(0))
            let lines = process.errors.joined(separator: "\n")
            #expect(lines.contains("will apply") && lines.contains("superseded") && lines.contains("Revision 5"))
            #expect(lines.contains("At 2 a second that takes 1s."))
            let json = try await desk.run(["replay", "--all", "--reason", "test", "--dry-run", "--json"])
            #expect(json.contains(#""verdict":"will apply","letters":2"#) && json.contains(#""replayed":2"#), "\(json)")
        }
    }

    @Test("discarded letters leave their queue, with who and why, and their bodies are kept")
    func discard() async throws {
        try await Desk.with(letters: 5) { desk in
            let body = try Letters.order("SO-3", id: "letter-3")
            let one = try await desk.run(["discard", "letter-3", "--reason", "a test order", "--by", "anna"])
            #expect(one == "Discarded 1 letter, 3 others looked at and left.")
            let record = try await desk.ledger.read { try $0.deadLetter(id: "letter-3") }
            #expect(record?.state == .discarded && record?.note == "anna: a test order")
            let kept = try await desk.ledger.read { try $0.payload(id: record?.payload ?? "")?.body }
            #expect(kept == body)
            let entries = try await desk.ledger.read { try $0.journalEntries(messageID: "letter-3") }
            #expect(entries.map(\.stage) == ["discarded"] && entries.first?.worker == "anna")
            let rest = try await desk.run(["discard", "--all", "--reason", "all of it"])
            #expect(rest == "Discarded 4 letters.")
            #expect(try await desk.ids(in: "orders.to-erp.dead") == [])
            #expect(try await desk.ids(in: "orders.to-erp") == [])
            let actions = try await desk.ledger.read { try $0.operatorActions() }
            #expect(actions.map(\.action) == ["discard", "discard"] && actions.map(\.letters) == [4, 1])
        }
    }

    @Test("with --tell-store an order that the ERP has nothing of is answered as rejected, another one is not")
    func discardTelling() async throws {
        try await Desk.with(letters: 2) { desk in
            try await desk.ledger.write { transaction in
                let key = ClaimKey(
                    family: "order", subject: "SO-0", revision: 1, hash: ContentDigest(high: 1, low: 1))
                _ = try transaction.claimAndComplete(key, holder: "w", state: "accepted", reference: "ERP-2", now: 2)
            }
            _ = try await desk.run(["discard", "--all", "--reason", "no longer sold", "--tell-store"])
            let told = try await desk.ledger.read {
                try $0.query("SELECT subject, body FROM outbox") { ($0.text(0), $0.blob(1)) }
            }
            #expect(told.map(\.0) == ["SO-1"])
            let status = try MessageReader().read(try #require(told.first?.1)).payload as? OrderStatus
            #expect(status?.state == .rejected && status?.answeredRevision == 1)
            #expect(status?.reason == .init(code: "order.discarded", text: "no longer sold"))
        }
    }

    @Test("a letter that the index does not know is in it once it is discarded")
    func discardUnindexed() async throws {
        try await Desk.with(letters: 2) { desk in
            try await desk.ledger.write { _ = try $0.execute("DELETE FROM dead_letter WHERE id = 'letter-1'") }
            let said = try await desk.run(["discard", "letter-1", "--reason", "poison"])
            #expect(said == "Discarded 1 letter, 1 other looked at and left.")
            let record = try await desk.ledger.read { try $0.deadLetter(id: "letter-1") }
            #expect(record?.state == .discarded && record?.subject == "SO-1" && record?.payload != nil)
        }
    }

    @Test("what says of itself that it was replayed tomorrow is a letter like any other")
    func fromTheFuture() async throws {
        try await Desk.with(letters: 0) { desk in
            try await desk.publishLetter("SO-7", id: "future", ["stevedore-replayed-at": "9999-01-01T00:00:00Z"])
            #expect(try await desk.run(["replay", "future", "--reason", "test"]) == "Replayed 1 letter.")
            #expect(try await desk.ids(in: "orders.to-erp") == ["future"])
        }
    }

    @Test("killed before a discarded letter is off its queue, the same command takes it off and no more")
    func discardKilled() async throws {
        try await Desk.with(letters: 3) { desk in
            let killed = try desk.start(
                ["discard", "--all", "--reason", "test"], ["STEVEDORE_CRASH_AT": "after-replay-mark:1"])
            #expect(try await killed.waitForExit() == .signalled(9))
            #expect(try await desk.states() == ["discarded", "discarded", "discarded"])
            try await desk.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == 3 }
            let rest = try await desk.run(["replay", "--all", "--reason", "test"])
            #expect(rest == "Replayed 0 letters, 3 of an earlier run taken off the queue.")
            #expect(try await desk.ids(in: "orders.to-erp") == [])
        }
    }

    @Test("more than a thousand letters need a person's word")
    func approval() async throws {
        try await Desk.with(letters: 1_001) { desk in
            let asked = try desk.start(["discard", "--all", "--reason", "test"])
            #expect(try await asked.waitForExit(within: .seconds(60)) == .exited(64))
            #expect(asked.errors.first == "dead-letter: To discard up to 1,001 letters needs a person's word.")
            try await desk.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == 1_001 }
            let said = try await desk.run(["discard", "--all", "--reason", "test", "--yes"])
            #expect(said == "Discarded 1,001 letters.")
        }
    }
}
