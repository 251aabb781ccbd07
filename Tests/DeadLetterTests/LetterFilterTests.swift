import ArgumentParser
import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

@Suite("Which letters a filter means")
struct LetterFilterTests {
    private static func record(
        _ id: String, flow: String = "orders.to-erp", type: String? = "order.placed.v1", subject: String? = "SO-100",
        code: String = "rejected.unknown-sku", category: String = "rejected", fingerprint: String = "abcd",
        sentence: String = "s", at time: String? = "2026-03-01T10:00:00Z", _ state: DeadLetterState = .open
    ) -> DeadLetterRecord {
        let failedAt = time.flatMap { Timestamp(rfc3339: $0) }?.microseconds ?? 0
        return DeadLetterRecord(
            id: id, queue: flow + ".dead", flow: flow, type: type, subject: subject, revision: 1, code: code,
            category: category, sentence: sentence, fingerprint: fingerprint, attempts: 1, firstFailedAt: failedAt,
            lastFailedAt: failedAt, state: state)
    }

    private static let records = [
        record("plain"), record("longer", subject: "SO-1001"), record("shorter", subject: "SO-10"),
        record("bracket", subject: "SO-[1]"), record("lower", subject: "so-100"), record("nobody", subject: nil),
        record("accent", subject: "Caf\u{E9}"), record("parts", subject: "Cafe\u{301}"),
        record("empty", type: nil, subject: "", code: "malformed.json", category: "malformed"),
        record("field", code: "malformed.field", category: "malformed", fingerprint: "abff"),
        record("almost", code: "malformed", fingerprint: "0000"), record("other", flow: "orders.to-store"),
        record("past", flow: "a.flow.of.old"), record("sku", sentence: "There is no product FST-0099."),
        record("other-sku", sentence: "There is no product fst-0099, says Jos\u{E9}."),
        record("old", at: "2026-02-01T00:00:00Z", .replayed),
        record("new", at: "2026-03-02T00:00:00Z", .resolved), record("timeless", at: nil, .discarded),
    ]

    private static let questions: [[String]] = [
        [], ["--flow", "orders.to-erp"], ["--queue", "orders.to-store.dead"], ["--type", "order.placed.v1"],
        ["--category", "malformed"], ["--code", "malformed"], ["--code", "malformed.*"], ["--code", "*"],
        ["--code", "*.unknown-sku"], ["--subject", "SO-100"], ["--subject", "SO-10*"], ["--subject", "SO-10?"],
        ["--subject", "SO-[*"], ["--subject", "SO-[1]"], ["--subject", "*"], ["--subject", "?*"],
        ["--subject", "Caf?"],
        ["--subject", "Caf\u{E9}"], ["--subject", "Cafe*"], ["--fingerprint", "abcd"], ["--fingerprint", "ab"],
        ["--says", "FST-0099"], ["--says", "product"], ["--says", "Jos\u{E9}"],
        ["--older", "2026-03-01T10:00:00Z"], ["--newer", "2026-03-01T10:00:00Z"],
        ["--newer", "2026-02-01T00:00:00Z", "--older", "2026-03-02T00:00:00Z"],
        ["--flow", "orders.to-erp", "--code", "mal*", "--subject", "SO-*", "--fingerprint", "a"],
    ]

    @Test("is the same to the ledger and to the letters in their queues", arguments: questions)
    func sameInLedger(question: [String]) async throws {
        let filter = try LetterFilter.parse(question)
        let expected = Self.records.filter { filter.matches(LetterRow($0)) }.map(\.id).sorted()
        #expect(!expected.isEmpty)
        let folder = try TemporaryDirectory()
        let ledger = try Ledger.open(path: folder.file("ledger.db"))
        try await ledger.write { transaction in
            for record in Self.records { try transaction.recordDeadLetter(record) }
        }
        let query = filter.query(state: nil)
        let found = try await ledger.read { try $0.deadLetters(query, limit: 1_000).map(\.id) }
        let counted = try await ledger.read { try $0.deadLetterCount(query) }
        let grouped = try await ledger.read { try $0.deadLetterGroups(query).map(\.count) }
        await ledger.close()
        #expect(found.sorted() == expected)
        #expect(counted == expected.count)
        #expect(grouped.reduce(0, +) == expected.count)
        withExtendedLifetime(folder) {}
    }

    @Test("no question is too weak to tell letters apart: each but the open ones leaves some out")
    func questionsTell() throws {
        for question in Self.questions where !question.isEmpty && question.last != "*" {
            let filter = try LetterFilter.parse(question)
            let left = Self.records.filter { !filter.matches(LetterRow($0)) }
            #expect(!left.isEmpty, "\(question)")
        }
    }

    @Test(
        "a pattern matches whole texts",
        arguments: [
            ("SO-10*", "SO-10", true), ("SO-10*", "SO-1", false), ("SO-10*", "XSO-10", false), ("?", "", false),
            ("?", "é", true), ("a?c", "abc", true), ("a?c", "ac", false), ("*", "", true), ("", "", true),
            ("", "a", false), ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-c-b", false), ("*.x", "a.x.x", true),
            ("**a", "ba", true), ("a*", "*", false), ("[ab]", "a", false), ("[ab]", "[ab]", true), ("A", "a", false),
        ])
    func globs(pattern: String, text: String, isMatch: Bool) {
        #expect(Glob(pattern).matches(text) == isMatch)
    }

    @Test("a pattern of many stars ends soon", .timeLimit(.minutes(1)))
    func manyStars() {
        let text = String(repeating: "a", count: 5_000)
        #expect(!Glob(String(repeating: "a*", count: 200) + "b").matches(text))
    }

    @Test(
        "a moment is a span from now, or a time",
        arguments: [
            ("90s", 90), ("30m", 1_800), ("2h", 7_200), ("7d", 604_800), ("2w", 1_209_600),
        ])
    func moments(text: String, seconds: Int64) throws {
        let now = try #require(Timestamp(rfc3339: "2026-03-01T10:00:00Z"))
        #expect(try Moment.past(text, now: now).microseconds == now.microseconds - seconds * 1_000_000)
        #expect(try Moment.future(text, now: now).microseconds == now.microseconds + seconds * 1_000_000)
    }

    @Test(
        "anything else is refused",
        arguments: ["", "2", "h", "-2h", "0h", "2 h", "2H", "1.5h", "36501d", "99999999999999999999s", "yesterday"])
    func noMoments(text: String) {
        #expect(throws: ValidationError.self) { try Moment.past(text) }
    }

    @Test("what is to come must not be over")
    func over() throws {
        let now = try #require(Timestamp(rfc3339: "2026-03-01T10:00:00Z"))
        #expect(try Moment.past("2026-02-01T00:00:00Z", now: now).microseconds < now.microseconds)
        #expect(throws: ValidationError.self) { try Moment.future("2026-02-01T00:00:00Z", now: now) }
        #expect(throws: ValidationError.self) { try Moment.future("2026-03-01T10:00:00Z", now: now) }
    }

    @Test("ages are counted from when the command is read")
    func ages() throws {
        let now = Timestamp.now().microseconds
        let young = try #require(Timestamp(microseconds: now - 3_600_000_000)).description
        let old = try #require(Timestamp(microseconds: now - 10_800_000_000)).description
        let (older, newer) = (try Letters.filter("--older", "2h"), try Letters.filter("--newer", "2h"))
        #expect(older.matches(Letters.make(lastFailedAt: old)) && !older.matches(Letters.make(lastFailedAt: young)))
        #expect(newer.matches(Letters.make(lastFailedAt: young)) && !newer.matches(Letters.make(lastFailedAt: old)))
        let unknown = Letters.make(lastFailedAt: "long ago")
        #expect(!older.matches(unknown) && !newer.matches(unknown))
    }

    @Test(
        "what can mean nothing is refused",
        arguments: [
            ["--subject", ""], ["--code", ""], ["--fingerprint", ""], ["--older", "soon"], ["--newer", ""],
            ["--says", ""], ["--fingerprint", "zz"], ["--fingerprint", "12D1"],
            ["--older", "7d", "--newer", "2h"], ["--subject", String(repeating: "*", count: 501)],
        ])
    func refused(arguments: [String]) {
        #expect(throws: (any Error).self) { try LetterFilter.parse(arguments) }
    }

    @Test("a letter has the fingerprint that its worker has written, else one of its flow, type and code")
    func causes() {
        let written = Letters.make(headers: [MessageHeader.fingerprint: "0083126e978d4fdf"])
        #expect(LetterRow(written).fingerprint == "0083126e978d4fdf")
        let crashed = Letters.make(id: "a", code: nil, headers: ["x-first-death-reason": "delivery_limit"])
        let again = Letters.make(id: "b", code: nil, headers: ["x-first-death-reason": "delivery_limit"])
        let refused = Letters.make(id: "c", code: nil, headers: ["x-first-death-reason": "rejected"])
        #expect(crashed.cause == again.cause && crashed.cause != refused.cause && crashed.cause.utf8.count == 16)
        #expect(Letters.unrouted("order.placed.v1").cause != Letters.unrouted("order.placed.v9").cause)
        let endless = Letters.make(headers: [MessageHeader.fingerprint: .string(String(repeating: "f", count: 999))])
        #expect(endless.cause.utf8.count == 16)
    }

    @Test("a list for programs says the fingerprint")
    func json() {
        let list = LetterListing(rows: [LetterRow(Self.record("plain"))], now: 0)
        #expect(list.json.contains(#""fingerprint": "abcd""#))
    }
}
