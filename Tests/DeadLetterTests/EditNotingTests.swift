import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

/// What an edit does beside the way to the flow.
@Suite("Noting a corrected order, and opening a letter again")
struct EditNotingTests {
    private static let order = ReplayOrder(by: "anna", reason: "country corrected")
    private static let now = Timestamp.now()

    private static func letter() throws -> Letter {
        Letters.make(body: String(decoding: try Letters.order("W-1", id: "m-1"), as: UTF8.self))
    }

    private static func message(_ letter: Letter) throws -> CorrectedMessage {
        let patch = try JSONPatch(parsing: Array(#"[{"op":"replace","path":"/data/lines/0/sku","value":"X-9"}]"#.utf8))
        return try LetterEdit(.patch(patch), order, at: now).corrected(letter)
    }

    @discardableResult
    private static func replace(
        _ letter: Letter, _ message: CorrectedMessage, holder: String? = nil, in ledger: Ledger
    ) async throws -> CorrectionRows? {
        try await ledger.write { try $0.replace(letter, by: message, order, at: now, holder: holder) }
    }

    private static func queues(_ ledger: Ledger) async throws -> [String] {
        try await ledger.read { snapshot in
            try snapshot.query("SELECT routing_key FROM outbox ORDER BY sequence") { $0.text(0) }
        }
    }

    /// As if the flow that only looks on had noted the order at that revision.
    private static func note(_ letter: Letter, revision: Int64, _ ledger: Ledger) async throws {
        var key = FleetTopology.claimKey(of: try #require(letter.content), in: Catalogue.takenOrders)
        key.revision = revision
        try await ledger.write { [key] in _ = try $0.claimAndComplete(key, holder: "w", now: 1) }
    }

    @Test("has an order noted that was never noted as it came, behind the message for its flow and published with it")
    func unnoted() async throws {
        try await EditLedgerTests.withLedger { ledger in
            let letter = try Self.letter()
            let message = try Self.message(letter)
            let found = try await Self.replace(letter, message, holder: "me", in: ledger)
            let rows = try #require(found)
            #expect(try await Self.queues(ledger) == ["orders.to-erp", "orders.taken"])
            #expect(rows.copies.map(\.queue) == ["orders.taken"] && rows.sequences.count == 2)
            let sent = message.outgoing(rows, at: Self.now)
            #expect(sent.map(\.routingKey) == ["orders.to-erp", "orders.taken"])
            #expect(Set(sent.map(\.exchange)) == ["commerce.requeue"])
            #expect(sent.map(\.body) == [message.body, message.body])
            try await ledger.write { try $0.markPublished(rows.sequences) }
            #expect(try await Self.queues(ledger) == [])
        }
    }

    @Test("does not send an order there that was noted at its revision or a newer one", arguments: [1, 2] as [Int64])
    func noted(revision: Int64) async throws {
        try await EditLedgerTests.withLedger { ledger in
            let letter = try Self.letter()
            try await Self.note(letter, revision: revision, ledger)
            let rows = try await Self.replace(letter, try Self.message(letter), holder: "me", in: ledger)
            #expect(rows?.copies == [])
            #expect(try await Self.queues(ledger) == ["orders.to-erp"])
        }
    }

    @Test("a letter that a release took for resolved, though another message brought its revision, can be edited")
    func contradicting() async throws {
        try await EditLedgerTests.withLedger { ledger in
            let letter = try Self.letter()
            var key = FleetTopology.claimKey(of: try #require(letter.content), in: letter.flow)
            key.hash = ContentDigest(high: 1, low: 2)
            try await ledger.write { [key] transaction in
                try transaction.index(letter, at: 1)
                _ = try transaction.claimAndComplete(key, holder: "w", now: 1)
                _ = try transaction.updateDeadLetter(id: "m-1", from: .open, to: .resolved)
            }
            let standing = try await ledger.read { try $0.standing(of: letter) }
            #expect(standing == .absent)
            try await Self.replace(letter, try Self.message(letter), in: ledger)
            #expect(try await Self.queues(ledger).first == "orders.to-erp")
            let edited = try await ledger.write { transaction in
                _ = try transaction.updateDeadLetter(id: "m-1", from: .replayed, to: .resolved)
                return try transaction.standing(of: letter)
            }
            #expect(edited == .ended(.resolved))
        }
    }
}
