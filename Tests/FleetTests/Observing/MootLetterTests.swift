import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

/// Which dead letters are over once a message of their object has been applied, by what they say.
@Suite struct MootLetterTests {
    /// A status of the order A; `erpNumber` is what it says.
    private static func body(_ erpNumber: String, revision: Int64 = 2, id: String) throws -> [UInt8] {
        var status = try #require(try Samples.message(Catalogue.orderStatus).payload as? OrderStatus)
        (status.number, status.revision, status.erpNumber) = ("A", revision, erpNumber)
        let envelope = Envelope(
            for: status, as: Catalogue.orderStatus, source: "urn:test:erp", time: .epoch, id: id)
        return MessageWriter().write(envelope, status)
    }

    private static func record(_ id: String, revision: Int64 = 2, code: String = "sku.unknown") -> DeadLetterRecord {
        DeadLetterRecord(
            id: id, queue: "q", flow: Samples.queue, type: Catalogue.orderStatus.name, subject: "A", revision: revision,
            code: code, category: "rejected", sentence: "s", fingerprint: "f", attempts: 1, firstFailedAt: 1,
            lastFailedAt: 1)
    }

    /// A letter as a worker leaves it, with its body.
    private static func fail(
        _ id: String, _ erpNumber: String, revision: Int64 = 2, _ state: DeadLetterState = .open,
        code: String = "sku.unknown", in ledger: Ledger
    ) async throws {
        let body = try body(erpNumber, revision: revision, id: id)
        try await ledger.write { transaction in
            var letter = record(id, revision: revision, code: code)
            letter.state = state
            letter.payload = try transaction.keepBody(
                body, of: id, MessageProperties(contentType: IncomingMessage.structured), at: 1)
            try transaction.recordDeadLetter(letter)
        }
    }

    private static func work(_ bodies: [[UInt8]], _ ledger: Ledger) async throws {
        try await ProjectionRig(ledger).work(bodies)
    }

    private static func states(_ ledger: Ledger) async throws -> [String: DeadLetterState] {
        let letters = try await ledger.read { try $0.deadLetters(.init(state: nil)) }
        return Dictionary(letters.map { ($0.id, $0.state) }) { first, _ in first }
    }

    private static func isContradiction(_ id: String, _ ledger: Ledger) async throws -> Bool {
        try await ledger.read { try $0.deadLetter(id: id)?.isContradiction == true }
    }

    @Test("a letter of the revision that arrives is over when it says the same, and stays open when it says otherwise")
    func twins() async throws {
        try await withLedger { ledger in
            try await Self.fail("same", "SO-1", in: ledger)
            try await Self.fail("other", "SO-2", in: ledger)
            try await Self.fail("older", "SO-3", revision: 1, in: ledger)
            try await Self.fail("newer", "SO-4", revision: 3, in: ledger)
            try await Self.work([try Self.body("SO-1", id: "m-1")], ledger)
            let states = try await Self.states(ledger)
            #expect(states == ["same": .resolved, "other": .open, "older": .resolved, "newer": .open])
            #expect(try await Self.isContradiction("other", ledger))
            #expect(try await !Self.isContradiction("newer", ledger))
        }
    }

    @Test("what contradicts says so once in its note, with the message that came instead, and once in its story")
    func noted() async throws {
        try await withLedger { ledger in
            try await Self.fail("other", "SO-2", in: ledger)
            let body = try Self.body("SO-1", id: "m-1")
            try await Self.work([body], ledger)
            try await Self.work([body], ledger)
            let note = try await ledger.read { try $0.deadLetter(id: "other")?.note }
            #expect(note == "contradicts what has arrived: revision 2 came with other content, as message m-1")
            let steps = try await ledger.read { try $0.journalEntries(messageID: "other") }
            #expect(steps.map(\.code) == ["conflict.same-revision"] && steps.map(\.stage) == ["conflict"])
        }
    }

    @Test("an older message that comes too late ends what is overtaken, and nothing that contradicts what has arrived")
    func late() async throws {
        try await withLedger { ledger in
            try await Self.work([try Self.body("SO-1", revision: 3, id: "m-3")], ledger)
            try await Self.fail("older", "SO-9", revision: 2, in: ledger)
            try await Self.fail("same", "SO-1", revision: 3, in: ledger)
            try await Self.fail("other", "SO-2", revision: 3, in: ledger)
            try await Self.work([try Self.body("SO-1", revision: 1, id: "m-1")], ledger)
            let states = try await Self.states(ledger)
            #expect(states == ["older": .resolved, "same": .resolved, "other": .open])
        }
    }

    @Test("a letter is over when what it was corrected into arrives, in one step or in several")
    func corrected() async throws {
        try await withLedger { ledger in
            for (id, number) in [("first", "SO-1"), ("second", "SO-2"), ("stranger", "SO-3")] {
                try await Self.fail(id, number, .replayed, in: ledger)
            }
            try await ledger.write { transaction in
                try transaction.execute("UPDATE dead_letter SET edited_as = 'second' WHERE id = 'first'")
                try transaction.execute("UPDATE dead_letter SET edited_as = 'third' WHERE id = 'second'")
                try transaction.execute("UPDATE dead_letter SET edited_as = 'elsewhere' WHERE id = 'stranger'")
            }
            try await Self.work([try Self.body("SO-4", id: "third")], ledger)
            let states = try await Self.states(ledger)
            #expect(states == ["first": .resolved, "second": .resolved, "stranger": .replayed])
        }
    }

    @Test("of a letter whose content nobody has, only one that is on its way or is this very message is over")
    func unknown() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                for id in ["m-1", "unread", "sent"] { try transaction.recordDeadLetter(Self.record(id)) }
                _ = try transaction.updateDeadLetter(id: "sent", from: .open, to: .replayed)
            }
            try await Self.work([try Self.body("SO-1", id: "m-1")], ledger)
            let states = try await Self.states(ledger)
            #expect(states == ["m-1": .resolved, "unread": .open, "sent": .resolved])
        }
    }

    @Test("a refused conflict is not read again each time the same arrives, unless it is applied after all")
    func compared() async throws {
        try await withLedger { ledger in
            let body = try Self.body("SO-1", id: "m-1")
            try await Self.work([body], ledger)
            try await Self.fail("other", "SO-2", code: DeadLetterRecord.sameRevision, in: ledger)
            try await Self.work([body], ledger)
            let note = try await ledger.read { try $0.deadLetter(id: "other")?.note }
            #expect(note == nil)
            _ = try await ledger.write { transaction in
                try transaction.reopen(family: "order.status", subject: "A", revision: 2, now: 9)
            }
            try await Self.work([try Self.body("SO-2", id: "m-2")], ledger)
            let states = try await Self.states(ledger)
            #expect(states == ["other": .resolved])
        }
    }

    @Test("the revision of a message in binary mode is kept as well, so that its body can be read again")
    func binary() async throws {
        try await withLedger { ledger in
            let properties = MessageProperties(
                contentType: "application/json",
                headers: ["cloudEvents_revision": .int64(2), "stevedore-attempt": .int64(3), "cloudEvents_id": "b"])
            _ = try await ledger.write { try $0.keepBody(Array("{}".utf8), of: "b", properties, at: 1) }
            let kept = try await ledger.read { try $0.payload(id: "b")?.transport.headers }
            #expect(kept?["cloudEvents_revision"]?.text == "2" && kept?["cloudEvents_id"]?.text == "b")
            #expect(kept?["stevedore-attempt"] == nil)
        }
    }
}
