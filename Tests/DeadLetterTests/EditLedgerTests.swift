import Fleet
import FleetTesting
import Ledger
import Models
import Testing

@testable import DeadLetter

@Suite("Writing down an edit")
struct EditLedgerTests {
    private static let order = ReplayOrder(by: "anna", reason: "unit corrected")
    private static let now = Timestamp.now()
    private static let failedAt = "2026-03-01T10:00:00Z"

    static func withLedger(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { folder in
            let path = folder.file("ledger.db")
            let empty = try Ledger.open(path: path)
            await empty.close()
            let configuration = try Configuration(file: nil, environment: ["STEVEDORE_LEDGER_PATH": path])
            let ledger = try await ReplayLedger.open(configuration).ledger
            try await body(ledger)
            await ledger.close()
        }
    }

    private static func letter(failedAt: String = Self.failedAt) throws -> Letter {
        let body = String(decoding: try Letters.order("W-1", id: "m-1"), as: UTF8.self)
        return Letters.make(body: " " + body + "\n", lastFailedAt: failedAt)
    }

    private static func message(_ letter: Letter, sku: String = "X-9") throws -> CorrectedMessage {
        let patch = #"[{"op":"replace","path":"/data/lines/0/sku","value":"\#(sku)"}]"#
        return try LetterEdit(.patch(try JSONPatch(parsing: Array(patch.utf8))), order, at: now).corrected(letter)
    }

    private static func index(_ ledger: Ledger, failedAt: String = Self.failedAt) async throws {
        let time = try #require(Timestamp(rfc3339: failedAt)).microseconds
        try await ledger.write { transaction in
            try transaction.recordDeadLetter(
                DeadLetterRecord(
                    id: "m-1", queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1",
                    subject: "W-1", revision: 1, code: "rejected.unknown-sku", category: "rejected", sentence: "No.",
                    fingerprint: "f", attempts: 1, firstFailedAt: time, lastFailedAt: time))
        }
    }

    @discardableResult
    private static func replace(
        _ letter: Letter, _ message: CorrectedMessage, by order: ReplayOrder = Self.order, holder: String? = nil,
        in ledger: Ledger
    ) async throws -> CorrectionRows? {
        try await ledger.write { try $0.replace(letter, by: message, order, at: now, holder: holder) }
    }

    /// Why an edit was refused; nil when it was not.
    private static func refusal(_ body: () async throws -> Void) async -> ProgramError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? ProgramError
        }
    }

    private static func text(_ sql: StaticString, _ ledger: Ledger) async throws -> String? {
        try await ledger.read { snapshot in try snapshot.first(sql) { $0.text(0) } }
    }

    /// Messages for the flow; those for queues that only look on are beside it.
    private static func outboxCount(_ ledger: Ledger) async throws -> Int {
        try await queues(ledger).count { $0 == flow }
    }

    private static let flow = "orders.to-erp"

    private static func queues(_ ledger: Ledger) async throws -> [String] {
        try await ledger.read { snapshot in
            try snapshot.query("SELECT routing_key FROM outbox ORDER BY sequence") { $0.text(0) }
        }
    }

    private static func record(_ ledger: Ledger) async throws -> DeadLetterRecord? {
        try await ledger.read { try $0.deadLetter(id: "m-1") }
    }

    @Test("ends the letter and puts its successor into the outbox")
    func whole() async throws {
        try await Self.withLedger { ledger in
            try await Self.index(ledger)
            let letter = try Self.letter()
            let message = try Self.message(letter)
            try await Self.replace(letter, message, in: ledger)
            let record = try await Self.record(ledger)
            #expect(record?.state == .replayed)
            #expect(record?.note == "anna: edited as \(message.id): unit corrected")
            #expect(try await Self.text("SELECT edited_as FROM dead_letter WHERE id = 'm-1'", ledger) == message.id)
            let rows = try await ledger.write {
                try $0.leaseOutbox(limit: 9, holder: "w", lease: .seconds(1), now: Self.now.microseconds)
            }
            #expect(rows.map(\.message) == [message.outbox])
            #expect(try await Self.text("SELECT mark FROM replay", ledger) == letter.mark)
        }
    }

    @Test("keeps the letter's body, byte for byte, with what its producer said of it")
    func payload() async throws {
        try await Self.withLedger { ledger in
            try await Self.index(ledger)
            let letter = try Self.letter()
            try await Self.replace(letter, try Self.message(letter), in: ledger)
            let record = try await Self.record(ledger)
            let name = try #require(record?.payload)
            let kept = try await ledger.read { try $0.payload(id: name) }
            #expect(kept?.body == letter.body)
            #expect(kept?.properties["content_type"] == "application/cloudevents+json")
        }
    }

    @Test("is in the journal of both messages, each of which names the other")
    func journal() async throws {
        try await Self.withLedger { ledger in
            try await Self.index(ledger)
            let letter = try Self.letter()
            let message = try Self.message(letter)
            try await Self.replace(letter, message, in: ledger)
            for (id, other) in [("m-1", message.id), (message.id, "m-1")] {
                let entries = try await ledger.read { try $0.journalEntries(messageID: id) }
                #expect(entries.map(\.stage) == ["edited"])
                #expect(entries.first?.worker == "anna" && entries.first?.subject == "W-1")
                #expect(entries.first?.detail?.contains(other) == true)
            }
        }
    }

    @Test("of two people one wins, and the other is told who did what")
    func second() async throws {
        try await Self.withLedger { ledger in
            try await Self.index(ledger)
            let letter = try Self.letter()
            let message = try Self.message(letter)
            try await Self.replace(letter, message, in: ledger)
            let refusal = await Self.refusal {
                let bert = ReplayOrder(by: "bert", reason: "mine")
                try await Self.replace(letter, try Self.message(letter, sku: "Y-1"), by: bert, in: ledger)
            }
            #expect(refusal?.code == "dead-letter.not-open" && refusal?.endsEditing == true)
            #expect(refusal?.sentence.contains("anna: edited as \(message.id): unit corrected") == true)
            #expect(try await Self.outboxCount(ledger) == 1)
            let record = try await Self.record(ledger)
            #expect(record?.note == "anna: edited as \(message.id): unit corrected")
        }
    }

    @Test("of many at the same moment exactly one wins")
    func race() async throws {
        try await Self.withLedger { ledger in
            try await Self.index(ledger)
            let letter = try Self.letter()
            let messages = try (0..<8).map { try Self.message(letter, sku: "X-\($0)") }
            let wins = await withTaskGroup(of: Bool.self) { group in
                for message in messages {
                    group.addTask {
                        await Self.refusal { try await Self.replace(letter, message, in: ledger) } == nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
            #expect(try await Self.outboxCount(ledger) == 1)
        }
    }

    @Test(
        "is refused when the letter has ended otherwise",
        arguments: [DeadLetterState.replayed, .resolved, .discarded])
    func ended(state: DeadLetterState) async throws {
        try await Self.withLedger { ledger in
            try await Self.index(ledger)
            _ = try await ledger.write { try $0.updateDeadLetter(id: "m-1", from: .open, to: state, note: "bert: no") }
            let letter = try Self.letter()
            let refusal = await Self.refusal { try await Self.replace(letter, try Self.message(letter), in: ledger) }
            #expect(refusal?.code == "dead-letter.not-open")
            #expect(refusal?.sentence.contains("bert: no") == true)
            #expect(try await Self.outboxCount(ledger) == 0)
            let kept = try await ledger.read { try $0.payload(id: "m-1") }
            #expect(kept == nil)
        }
    }

    @Test("is refused when the message has failed again since the person looked at it")
    func failedAgain() async throws {
        try await Self.withLedger { ledger in
            try await Self.index(ledger, failedAt: "2026-03-01T10:00:01Z")
            let letter = try Self.letter()
            let refusal = await Self.refusal { try await Self.replace(letter, try Self.message(letter), in: ledger) }
            #expect(refusal?.code == "dead-letter.failed-again" && refusal?.endsEditing == false)
            #expect(try await Self.outboxCount(ledger) == 0)
        }
    }

    @Test("is refused while nobody knows whether the ERP has taken the letter")
    func uncertain() async throws {
        try await Self.withLedger { ledger in
            try await Self.index(ledger)
            let letter = try Self.letter()
            let key = FleetTopology.claimKey(of: try #require(letter.content), in: letter.flow)
            try await ledger.write { transaction in
                guard case .claimed(let fence) = try transaction.claim(key, holder: "w", lease: .seconds(60), now: 1)
                else { return }
                try transaction.release(
                    family: key.family, subject: key.subject, fence: fence, isUncertain: true)
            }
            let message = try Self.message(letter)
            let refusal = await Self.refusal { try await Self.replace(letter, message, in: ledger) }
            #expect(refusal?.code == "dead-letter.uncertain")
            #expect(try await Self.outboxCount(ledger) == 0)
        }
    }

    @Test("fills in what the letter did not say, so that its end is noticed")
    func filled() async throws {
        try await Self.withLedger { ledger in
            try await Self.index(ledger)
            try await ledger.write {
                _ = try $0.execute("UPDATE dead_letter SET subject = '', type = '', revision = 0")
            }
            let letter = try Self.letter()
            try await Self.replace(letter, try Self.message(letter), in: ledger)
            let record = try await Self.record(ledger)
            #expect(record?.subject == "W-1" && record?.type == "order.placed.v1" && record?.revision == 1)
            let waiting = try await ledger.read { try $0.unsettledDeadLetters(subject: "W-1", upTo: 1) }
            #expect(waiting.map(\.id) == ["m-1"])
        }
    }

    @Test("of a letter that only its queue knew is in the index from then on, and happens once as well")
    func unindexed() async throws {
        try await Self.withLedger { ledger in
            let letter = try Self.letter()
            let message = try Self.message(letter)
            try await Self.replace(letter, message, in: ledger)
            let record = try await Self.record(ledger)
            #expect(record?.state == .replayed && record?.flow == "orders.to-erp")
            let refusal = await Self.refusal { try await Self.replace(letter, message, in: ledger) }
            #expect(refusal?.code == "dead-letter.not-open")
        }
    }

    @Test("is about the newer letter when the index knows only of an earlier failure")
    func earlierFailure() async throws {
        try await Self.withLedger { ledger in
            try await Self.index(ledger)
            _ = try await ledger.write { try $0.updateDeadLetter(id: "m-1", from: .open, to: .replayed) }
            let letter = try Self.letter(failedAt: "2026-03-01T11:00:00Z")
            try await Self.replace(letter, try Self.message(letter), in: ledger)
            #expect(try await Self.outboxCount(ledger) == 1)
        }
    }

    @Test("gives the message to whoever asks for it, and to nobody else until its time is over")
    func lease() async throws {
        try await Self.withLedger { ledger in
            let letter = try Self.letter()
            let sequence = try await Self.replace(letter, try Self.message(letter), holder: "me", in: ledger)
            #expect(sequence != nil)
            for (seconds, count) in [(1, 0), (31, 1)] as [(Int64, Int)] {
                let later = Self.now.microseconds + seconds * 1_000_000
                let rows = try await ledger.write {
                    try $0.leaseOutbox(limit: 9, holder: "other", lease: .seconds(1), now: later)
                }
                #expect(rows.count == count)
            }
        }
    }

    @Test("does not let the message overtake another of its subject")
    func behind() async throws {
        try await Self.withLedger { ledger in
            let letter = try Self.letter()
            var earlier = try Self.message(letter).outbox
            earlier.id = "earlier"
            try await ledger.write { [earlier] in try $0.enqueueOutbox(earlier, at: 1) }
            let sequence = try await Self.replace(letter, try Self.message(letter), holder: "me", in: ledger)
            #expect(sequence == nil)
            #expect(try await Self.outboxCount(ledger) == 2)
            #expect(try await Self.queues(ledger).last == "orders.taken")
        }
    }
}
