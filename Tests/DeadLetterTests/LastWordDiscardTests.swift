import Fleet
import FleetTesting
import Ledger
import Models
import Testing

@testable import DeadLetter

@Suite("Last words of letters that are discarded")
struct LastWordDiscardTests {
    private static func letter(_ revision: Int64) throws -> Letter {
        let body = try Letters.order("SO-1", revision: revision, id: "m-\(revision)")
        return Letters.make(id: "m-\(revision)", body: String(decoding: body, as: UTF8.self))
    }

    private static func record(_ letter: Letter, _ state: DeadLetterState) -> DeadLetterRecord {
        DeadLetterRecord(
            id: letter.id, queue: "orders.to-erp.dead", flow: letter.flow, type: letter.type, subject: letter.subject,
            revision: letter.revision, code: "x", category: "rejected", sentence: "No.", fingerprint: "f", attempts: 1,
            firstFailedAt: 1, lastFailedAt: 1, state: state)
    }

    private static func withDesk(_ body: (ReplayLedger, ReindexLedger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("ledger.db")
            let made = try Ledger.open(path: path)
            await made.close()
            let configuration = try Configuration(file: nil, environment: ["STEVEDORE_LEDGER_PATH": path])
            let ledger = try await ReplayLedger.open(configuration)
            let index = try ReindexLedger.open(configuration, isDryRun: false)
            try await body(ledger, index)
            await index.end()
            await ledger.close()
        }
    }

    private static func note(_ letter: Letter, _ desk: ReplayLedger) async throws -> Received {
        let message = try #require(letter.content)
        try await desk.write { try $0.noteLastWord(message, isCancelled: false, at: 1) }
        return message
    }

    private static func word(_ message: Received, _ desk: ReplayLedger) async throws -> Int64? {
        try await desk.read { try $0.lastWord(of: message)?.revision }
    }

    @Test("a discard takes back the word of its own letter, so that nothing older is passed over for it")
    func discard() async throws {
        try await Self.withDesk { desk, _ in
            let (older, newer) = (try Self.letter(1), try Self.letter(2))
            let message = try await Self.note(newer, desk)
            let order = ReplayOrder(by: "ann", reason: "sent twice")
            try await desk.recordDiscard([older], order, tellingStore: false, at: .now())
            let before = try await Self.word(message, desk)
            try await desk.recordDiscard([newer], order, tellingStore: false, at: .now())
            let after = try await Self.word(message, desk)
            #expect(before == 2 && after == nil)
        }
    }

    @Test("so does closing what is in no queue any more")
    func close() async throws {
        try await Self.withDesk { desk, index in
            let letter = try Self.letter(2)
            let message = try await Self.note(letter, desk)
            let record = Self.record(letter, .open)
            try await desk.write { try $0.recordDeadLetter(record) }
            let closed = try await index.close([record], by: "ann", reason: "purged")
            let word = try await Self.word(message, desk)
            #expect(closed == 1 && word == nil)
        }
    }
}
