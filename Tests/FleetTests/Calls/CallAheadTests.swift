import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

@Suite("A message that cannot wait for its turn")
struct CallAheadTests {
    @Test("is called for out of the ledger, and its delivery, which comes later, finds it done")
    func ahead() async throws {
        try await withLedger { ledger in
            let desk = AheadDesk(ledger)
            let body = try await desk.note("A")
            let rig = desk.rig()
            try await rig.running([]) {
                try await desk.waitUntilApplied("A")
                #expect(await rig.feed.settlements == [])
                await rig.feed.feed([Samples.delivery(body, tag: 7)])
                try await inTime { await rig.feed.settled(1) }
            }
            #expect(await rig.feed.settlements == [.ack(DeliveryTag(epoch: 1, value: 7))])
            #expect(desk.calls == ["A"])
            #expect(rig.metrics.total(.applied) == 1 && rig.metrics.total(.duplicate) == 1)
            #expect(try await desk.stages("A") == ["claimed", "applied", "duplicate"])
        }
    }

    @Test("goes before what stands ready in the worker")
    func first() async throws {
        try await withLedger { ledger in
            let desk = AheadDesk(ledger)
            for (number, rank) in [("paid", 1), ("gone", 3), ("changed", 2)] { try await desk.note(number, rank: rank) }
            #expect(try await desk.listed() == ["gone", "changed", "paid"])
            let gate = Latch<Void>()
            let rig = desk.rig(answeringAfter: gate)
            let held = (0..<200).map { "held-\($0)" }
            try await rig.running(try Samples.orders(held)) {
                try await eventually { await rig.worker.aheadCount == 3 }
                gate.open()
                try await inTime { await rig.feed.settled(held.count) }
            }
            let last = try #require(desk.calls.lastIndex { !$0.hasPrefix("held") })
            #expect(last < 100, "\(desk.calls)")
            #expect(desk.calls.count == held.count + 3)
        }
    }

    @Test("waits for it when all that stands ready is as urgent")
    func noMoreUrgent() async throws {
        try await withLedger { ledger in
            let desk = AheadDesk(ledger)
            let gate = Latch<Void>()
            let rig = desk.rig(urgency: Urgency(rank: 2), answeringAfter: gate)
            let held = (0..<200).map { "held-\($0)" }
            try await rig.running(try Samples.orders(held)) {
                // Else there would be nothing to compare with.
                try await eventually { !desk.calls.isEmpty }
                try await desk.note("paid", rank: 1)
                try await desk.note("gone", rank: 3)
                try await eventually { await rig.worker.aheadCount == 1 }
                gate.open()
                try await inTime { await rig.feed.settled(held.count) }
                try await desk.waitUntilApplied("paid")
            }
            let (gone, paid) = (desk.calls.firstIndex(of: "gone"), desk.calls.firstIndex(of: "paid"))
            #expect(gone ?? 200 < 100 && paid ?? 0 > 100, "\(desk.calls)")
        }
    }

    @Test("is left to it while that may come soon, somebody has it in hand, or it is in front of a person")
    func left() async throws {
        try await withLedger { ledger in
            let desk = AheadDesk(ledger)
            try await desk.note("young", age: 1)
            for number in ["held", "letter", "free"] { try await desk.note(number) }
            try await desk.take("held")
            try await desk.setAside("letter", as: .open)
            #expect(try await desk.listed() == ["free"])
            let rig = desk.rig()
            try await rig.running([]) { try await desk.waitUntilApplied("free") }
            #expect(desk.calls == ["free"])
        }
    }

    @Test(
        "is not called for when a person has set it aside since it was taken in, nor when it says no more what was said"
    )
    func overtaken() async throws {
        try await withLedger { ledger in
            let desk = AheadDesk(ledger)
            let message = try await desk.message("A")
            #expect(try await desk.mayGoAhead(message))
            try await desk.setAside("A", as: .discarded)
            #expect(try await !desk.mayGoAhead(message))
            let other = try await desk.message("B", observed: try Samples.orderBody("B", revision: 2))
            #expect(try await !desk.mayGoAhead(other))
            #expect(try await desk.listed().isEmpty)
        }
    }

    @Test("is left to it when its body cannot be read, and holds nobody up")
    func unreadable() async throws {
        try await withLedger { ledger in
            let desk = AheadDesk(ledger)
            for number in ["gone", "spoiled", "sound"] { try await desk.note(number) }
            try await ledger.write { transaction in
                let id = "SELECT payload FROM observed WHERE subject ="
                _ = try transaction.execute(text: "DELETE FROM payload WHERE id = (\(id) 'gone')")
                _ = try transaction.execute(text: "UPDATE payload SET body = x'00' WHERE id = (\(id) 'spoiled')")
            }
            let rig = desk.rig()
            try await rig.running([]) {
                try await desk.waitUntilApplied("sound")
                try await eventually { try await desk.listed().isEmpty }
            }
            #expect(desk.calls == ["sound"])
        }
    }

    @Test("is found by its index alone, however many wait")
    func plan() async throws {
        try await withLedger { ledger in
            let values: [SQLValue] = [.text("q"), .text("order"), .integer(1), .integer(1)]
            let plan = try await ledger.read { snapshot in
                try snapshot.query(
                    text: "EXPLAIN QUERY PLAN " + LedgerSnapshot.pressingQuery.description, values
                ) { $0.text(3) }
            }
            #expect(plan.first == "SEARCH w USING INDEX last_word_pressing (family=?)")
            #expect(plan.allSatisfy { !$0.contains("SCAN") && !$0.contains("TEMP B-TREE") }, "\(plan)")
        }
    }
}
