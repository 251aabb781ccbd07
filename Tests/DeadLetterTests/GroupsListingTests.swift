import Fleet
import Ledger
import Testing

@testable import DeadLetter

@Suite("Groups of dead letters, as they are shown")
struct GroupsListingTests {
    private static let hour: Int64 = 3_600_000_000
    private static let now = 1_000_000 * hour

    private static func row(
        _ id: String, _ fingerprint: String, subject: String? = "SO-1", first: Int64 = 3, last: Int64 = 2
    ) -> LetterRow {
        LetterRow(
            DeadLetterRecord(
                id: id, queue: "q", flow: "orders.to-erp", subject: subject, code: "rejected.unknown-sku",
                category: "rejected", sentence: "No product \(id).", fingerprint: fingerprint, attempts: 1,
                firstFailedAt: first == 0 ? 0 : now - first * hour, lastFailedAt: last == 0 ? 0 : now - last * hour))
    }

    private static func tally(_ rows: [LetterRow]) -> GroupTally {
        var tally = GroupTally()
        for row in rows { tally.add(row) }
        return tally
    }

    private static func note(_ fingerprint: String, until end: Int64? = nil) -> DeadLetterGroupNote {
        DeadLetterGroupNote(
            fingerprint: fingerprint, note: "ask\u{1B}[2J", assignee: "bob", silencedUntil: end, changedBy: "anna",
            changedAt: now - hour)
    }

    @Test("letters are counted one by one; the newest is the example, and an unknown time counts for nothing")
    func tallying() {
        let rows = [
            Self.row("a", "f", first: 9, last: 8), Self.row("b", "f", first: 7, last: 1), Self.row("c", "g"),
            Self.row("d", "f", first: 0, last: 0),
        ]
        let found = Self.tally(rows).findings([:], silencedAt: nil, limit: 10)
        #expect(found.rows.map(\.fingerprint) == ["f", "g"])
        #expect(found.rows.map(\.count) == [3, 1])
        #expect(found.rows[0].example.id == "b")
        #expect(found.rows[0].firstFailedAt == Self.now - 9 * Self.hour)
        #expect(found.rows[0].lastFailedAt == Self.now - Self.hour)
        #expect(found.silenced == 0)
    }

    @Test("a limit keeps the largest groups, and equals in their order")
    func limit() {
        let rows = ["b", "a", "c", "c"].map { Self.row("x", $0) }
        let found = Self.tally(rows).findings([:], silencedAt: nil, limit: 2)
        #expect(found.rows.map(\.fingerprint) == ["c", "a"])
    }

    @Test("silenced groups of the queues are left out and counted while their time lasts")
    func silenced() {
        let notes = ["f": Self.note("f", until: Self.now + 1), "g": Self.note("g", until: Self.now)]
        let tally = Self.tally([Self.row("a", "f"), Self.row("b", "g")])
        let hidden = tally.findings(notes, silencedAt: Self.now, limit: 10)
        #expect(hidden.rows.map(\.fingerprint) == ["g"] && hidden.silenced == 1)
        let shown = tally.findings(notes, silencedAt: nil, limit: 10)
        #expect(shown.rows.map(\.fingerprint) == ["f", "g"] && shown.silenced == 0)
    }

    @Test("the table has a column for notes where there are any, and nothing in it reaches the terminal as a command")
    func table() {
        let tally = Self.tally([Self.row("a", "f"), Self.row("b", "f", subject: nil, last: 1)])
        let plain = GroupListing(rows: tally.findings([:], silencedAt: nil, limit: 9).rows, now: Self.now)
        let lines = plain.text(width: nil).split(separator: "\n")
        #expect(lines.count == 2 && !lines[0].contains("NOTE"))
        #expect(lines[1].contains("orders.to-erp") && lines[1].contains("3h ago") && lines[1].contains("1h ago"))
        // Without a business key the example is named by its id.
        #expect(lines[1].hasSuffix("  b        No product b."), "\(lines[1])")
        let notes = ["f": Self.note("f", until: Self.now + Self.hour)]
        let noted = GroupListing(rows: tally.findings(notes, silencedAt: nil, limit: 9).rows, now: Self.now)
        let text = noted.text(width: nil)
        #expect(text.contains("NOTE") && text.contains("bob: ask") && text.contains("silenced until"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test("programs get the whole note")
    func json() {
        let tally = Self.tally([Self.row("a", "f")])
        let rows = tally.findings(["f": Self.note("f")], silencedAt: nil, limit: 9).rows
        let json = GroupListing(rows: rows, now: Self.now).json
        #expect(json.contains(#""count": 1"#) && json.contains(#""assignee": "bob""#))
        #expect(json.contains(#""silencedUntil": null"#) && json.contains(#""changedBy": "anna""#))
        #expect(GroupListing(rows: [], now: Self.now).json == "[]\n")
    }

    @Test("who changes a group is told who changed it before, and what it said")
    func before() {
        var group = ChangedGroup(fingerprint: "f", change: .assignee("eve"), before: nil, after: nil)
        #expect(group.text(now: Self.now) == "Group f is assigned to eve.\n")
        group.before = Self.note("f")
        let text = group.text(now: Self.now)
        #expect(text.contains(#"Before: note "ask\u{1B}[2J", assigned to bob; changed by anna 1h ago."#), "\(text)")
        group.change = .note(nil)
        #expect(group.text(now: Self.now).hasPrefix("Group f has no note.\n"))
        group.change = .silence(until: nil)
        #expect(group.text(now: Self.now).hasPrefix("Group f is not silenced.\n"))
    }
}
