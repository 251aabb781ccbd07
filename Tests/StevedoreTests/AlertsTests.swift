import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Alerts as an operator sees them")
struct AlertsTests {
    private static func keys(_ rows: [AlertRow]) -> [String] { rows.map(\.record.alert.key) }

    @Test("the list has open alerts, the newest first, and those at least as bad when asked for")
    func list() async throws {
        try await AlertsDesk.with { desk in
            try await desk.happen([
                try AlertsDesk.alert("a", severity: .warning), try AlertsDesk.alert("b", raised: "11:30:00"),
                try AlertsDesk.alert("c", severity: .critical, resolved: "11:10:00"),
            ])
            let open = try await desk.rows()
            #expect(Self.keys(open) == ["b", "a"])
            let bad = try await desk.rows(nil, atLeast: .error)
            #expect(Self.keys(bad) == ["b", "c"])
            let newest = try await desk.rows(nil, atLeast: .info, limit: 1)
            #expect(Self.keys(newest) == ["b"])
        }
    }

    @Test("a row says since when, what, how much is at stake and who looks after it")
    func row() async throws {
        try await AlertsDesk.with { desk in
            try await desk.happen([try AlertsDesk.alert("dead-letter/5f")])
            let now = try AlertsDesk.at("12:00:00")
            let text = AlertListing(rows: try await desk.rows(), now: now).text(width: nil)
            let words = [
                "dead-letter/5f", "1h ago", "error", "sku.unknown", "orders.to-erp", "12", "18450.20 USD",
                "nobody: no rule was for it", "12 orders wait.",
            ]
            #expect(words.filter { !text.contains($0) } == [])
            let json = AlertListing(rows: try await desk.rows(), now: now).json
            #expect([#""atStake": ["#, #""amount": "18450.20""#].filter { !json.contains($0) } == [])
        }
    }

    @Test("without alerts the list says so")
    func empty() {
        #expect(AlertListing(rows: [], now: 0).text(width: nil) == "No open alerts.\n")
        #expect(AlertListing(rows: [], now: 0).json == "[]\n")
    }

    @Test(
        "who has been told, or why nobody has yet, is said",
        arguments: [
            ([(.due, 0, nil)], "not yet: due in 5m"),
            ([(.due, 3, "No answer.")], "not yet: 3 tries in vain: No answer.; the next in 5m"),
            ([(.sent, 0, nil)], "anna@example.com"),
            ([(.refused, 1, "No such mailbox.")], "nobody: No such mailbox."),
            ([(.dropped, 0, "it ended before")], "nobody: it ended before"),
        ] as [([(AlertNotice.State, Int64, String?)], String)])
    func told(states: [(AlertNotice.State, Int64, String?)], words: String) async throws {
        try await AlertsDesk.with { desk in
            let notices = try states.map { state in
                try AlertsDesk.notice("a", .raised, state.0, attempts: state.1, reason: state.2)
            }
            try await desk.happen([try AlertsDesk.alert("a")], notices)
            let told = try await desk.told()
            #expect(told == words)
        }
    }

    @Test("a page has the alert, and every notice with its fate")
    func page() async throws {
        try await AlertsDesk.with { desk in
            let notices = [
                try AlertsDesk.notice("a", .raised, .sent),
                try AlertsDesk.notice("a", .escalated, to: "boss@example.com"),
            ]
            try await desk.happen([try AlertsDesk.alert("a")], notices)
            let page = AlertPage(row: try #require(try await desk.rows().first))
            let text = page.text(now: try AlertsDesk.at("12:00:00"))
            let words = [
                "Create the product.", "dead-letter groups", "C-2044", "nobody has acted", "boss@example.com",
                "due in 5m", "purchasing",
            ]
            #expect(words.filter { !text.contains($0) } == [])
        }
    }

    @Test("text from messages cannot drive a terminal")
    func inert() async throws {
        try await AlertsDesk.with { desk in
            var alert = try AlertsDesk.alert("a")
            alert.sentence = "\u{1B}[2J gone"
            try await desk.happen([alert])
            let row = try #require(try await desk.rows().first)
            let texts = [AlertListing(rows: [row], now: 0).text(width: nil), AlertPage(row: row).text(now: 0)]
            #expect(texts.allSatisfy { !$0.contains("\u{1B}") })
        }
    }

    @Test("an alert is found by its key or by how it begins, also behind the slash")
    func meaning() async throws {
        try await AlertsDesk.with { desk in
            let keys = ["dead-letter/5f1d", "dead-letter/5f", "outage/erp"]
            try await desk.happen(try keys.map { try AlertsDesk.alert($0) })
            for (text, key) in [("5f1d", keys[0]), ("dead-letter/5f", keys[1]), ("outage", keys[2]), ("erp", keys[2])] {
                let found = try await desk.ledger.read { try $0.alert(meaning: text).alert.key }
                #expect(found == key)
            }
            let codes = [
                await desk.code { _ = try $0.alert(meaning: "dead") },
                await desk.code { _ = try $0.alert(meaning: "x") },
            ]
            #expect(codes == ["alerts.ambiguous", "alerts.unknown"])
        }
    }

    @Test("who acknowledges an alert is written down with the reason, and nobody else is called")
    func acknowledge() async throws {
        try await AlertsDesk.with { desk in
            let notices = [
                try AlertsDesk.notice("outage/erp"),
                try AlertsDesk.notice("outage/erp", .escalated, to: "boss@example.com", due: "14:00:00"),
            ]
            try await desk.happen([try AlertsDesk.alert("outage/erp")], notices)
            let now = try AlertsDesk.at("12:00:00")
            let made = try await desk.ledger.write {
                try $0.acknowledge("erp", by: "anna", note: "asked the supplier", now: now)
            }
            let expected = "anna looks after outage/erp.\nNot called any more: boss@example.com.\n"
            #expect(made.text(now: now) == expected)
            let fates = try await desk.ledger.read { try $0.notices(of: "outage/erp") }
            #expect(fates.map(\.state) == [.due, .dropped])
            #expect(fates.map(\.reason) == [nil, "anna looks after it"])
            let actions = try await desk.ledger.read { try $0.operatorActions() }
            let audit = actions.map { [$0.by, $0.action, $0.reason, $0.detail] }
            #expect(audit == [["anna", "acknowledge", "asked the supplier", "outage/erp"]])
            let again = try await desk.ledger.write { try $0.acknowledge("erp", by: "bob", note: nil, now: now) }
            #expect([again.before?.acknowledgedBy] == ["anna"])
            #expect(again.spared.isEmpty)
        }
    }

    @Test("an alert that is over cannot be acknowledged, and nothing is written")
    func over() async throws {
        try await AlertsDesk.with { desk in
            try await desk.happen([try AlertsDesk.alert("a", resolved: "11:30:00")])
            let code = await desk.code { _ = try $0.acknowledge("a", by: "anna", note: nil, now: 0) }
            #expect(code == "alerts.over")
            let actions = try await desk.ledger.read { try $0.operatorActions() }
            #expect(actions.isEmpty)
        }
    }
}
