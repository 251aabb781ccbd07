import Fleet
import Ledger
import Testing

@testable import Stevedore

@Suite("What a name leads to")
struct WhySearchTests {
    @Test(
        "another case, blanks and hyphens more or less are the same name",
        arguments: [
            ("w-1001", "W-1001"), (" W-1001 ", nil), ("w1001", "W-1001"), ("W 1001", "W-1001"), ("W_1001", "W-1001"),
            ("#W-1001", "W-1001"),
        ] as [(String, String?)])
    func spellings(_ typed: String, _ readAs: String?) async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1001")
            let report = try await desk.ask(typed)
            #expect(report.isFound)
            #expect(report.answers.map(\.thing) == [.order("W-1001")])
            #expect(report.readAs == readAs)
        }
    }

    @Test("where a spelling may be two things, neither is taken for it")
    func ambiguous() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("AB-1")
            try await desk.note("ab-1")
            let exact = try await desk.ask("ab-1")
            #expect(exact.answers.map(\.thing) == [.order("ab-1")] && exact.readAs == nil)
            let report = try await desk.ask("Ab-1")
            #expect(!report.isFound && Set(report.suggestions) == ["AB-1", "ab-1"])
        }
    }

    @Test("what nobody has heard of says so, with what may have been meant")
    func notFound() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1001")
            let report = try await desk.ask("W-1010", broker: .asked(["unrouted": .init(ready: 2, workers: 0)]))
            #expect(!report.isFound && report.suggestions == ["W-1001"])
            #expect(
                report.verdict.sentence
                    == "Nothing has been heard of W-1010: no message with that name has reached a worker. Did you mean "
                    + "W-1001?")
            let remedy = report.verdict.remedy ?? ""
            #expect(remedy.hasPrefix("No worker has said that it read an order into this ledger."))
            #expect(remedy.contains("2 messages found no queue, and it may be one of them"))
            let nothing = try await desk.ask("zzz-999")
            #expect(nothing.suggestions.isEmpty && nothing.verdict.code == "not-found")
        }
    }

    @Test("when the last order was read is said of one that has not come")
    func lastOrder() async throws {
        try await WhyDesk.with { desk in
            let at = try desk.at("11:59:59")
            try await desk.ledger.write {
                try $0.record(FlowPosition(queue: "orders.taken", takenAt: at, messageTime: at))
            }
            let remedy = try await desk.verdict("W-1").remedy ?? ""
            #expect(remedy.hasPrefix("The last order was read from orders.taken at 2025-03-10T11:59:59Z."))
        }
    }

    @Test("a purchase-order number of many orders lists ten, the newest first, and all when asked")
    func several() async throws {
        try await WhyDesk.with { desk in
            for index in 10..<22 { try await desk.note("W-\(index)", po: "PO-1", at: "09:\(index):00") }
            let report = try await desk.ask("PO-1")
            #expect(report.answers.map(\.thing.subject) == (12..<22).reversed().map { "W-\($0)" })
            #expect(report.more == 2 && report.kind == "po-number")
            #expect(report.verdict.sentence == "PO-1 leads to 12 objects by po number, newest first.")
            let text = report.text(width: nil)
            #expect(text.contains("order W-21") && text.contains("2 more: --all shows them."))
            let all = try await desk.ask("PO-1", all: true)
            #expect(all.answers.count == 12 && all.more == 0)
        }
    }

    @Test("an ERP's number and an e-mail address lead to the order; no address is suggested")
    func otherNames() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", day: 7)
            try await desk.answer("W-1")
            try await desk.show("W-1")
            let byNumber = try await desk.ask("SO-4711")
            let byAddress = try await desk.ask("Ana.Ruiz@northwind.example")
            #expect(byNumber.answers.map(\.thing) == [.order("W-1")] && byNumber.kind == "erp-number")
            #expect(byAddress.answers.map(\.thing) == [.order("W-1")] && byAddress.kind == "email")
            let report = try await desk.ask("ana.ruizz@northwind.exampl")
            #expect(!report.isFound && report.suggestions.isEmpty)
        }
    }

    @Test("of more objects than are followed, the newest are not claimed")
    func cut() async throws {
        try await WhyDesk.with { desk in
            _ = try await desk.ledger.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO alias (value, kind, family, subject)
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
                    SELECT 'PO-X', 'po-number', 'order', printf('W-%04d', i) FROM n
                    """)
            }
            let report = try await desk.ask("PO-X")
            #expect(report.isCut && report.json["isCut"] == true)
            #expect(report.verdict.sentence == "PO-X leads to at least 500 objects by po number.")
            #expect(report.answers.first?.thing == .order("W-0600"))
        }
    }

    @Test("evidence that is left out is said to be")
    func cutTimeline() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            let steps = try (0..<70).map { index in
                try desk.step("retried", "W-1", 1, detail: "waits 5m: Busy.", at: "11:\(index % 50 + 10):00")
            }
            try await desk.ledger.write { transaction in for step in steps { try transaction.journal(step) } }
            let report = try await desk.ask("W-1")
            guard case .array(let answers)? = report.json["answers"] else {
                Issue.record("there is no answer")
                return
            }
            #expect(answers.first?["isTimelineCut"] == true)
            #expect(report.text(width: nil).contains("The newest 60 pieces of evidence:"))
        }
    }

    @Test("a message of which no object is known has its own story")
    func strayMessage() async throws {
        try await WhyDesk.with { desk in
            try await desk.journal(JournalEntry(at: 1, messageID: "x-1", stage: "noted", code: "ok"))
            let report = try await desk.ask("x-1")
            #expect(report.isFound && report.answers.isEmpty)
            #expect(report.verdict.sentence == "Message x-1 was noted at 1970-01-01T00:00:00Z.")
        }
    }

    @Test("programs get verdict, sides and timeline")
    func json() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            let json = try await desk.ask("W-1").json
            #expect(json["found"] == true && json["verdict"]?["code"] == "queue")
            #expect(json["broker"]?["asked"] == true && json["suggestions"] == .array([]))
            guard case .array(let answers)? = json["answers"], let answer = answers.first else {
                Issue.record("there is no answer")
                return
            }
            #expect(answer["kind"] == "order" && answer["subject"] == "W-1")
            #expect(answer["sides"]?["store"] == "revision 1, heard of at 2025-03-10T11:00:00Z")
            #expect(answer["sides"]?["ERP"] == "no answer")
            guard case .array(let timeline)? = answer["timeline"] else {
                Issue.record("there is no timeline")
                return
            }
            #expect(timeline.first?["at"] == "2025-03-10T11:00:00Z" && timeline.first?["from"] == "journal")
        }
    }

    @Test("for people the verdict comes first, then the next step, then the evidence")
    func text() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            let text = try await desk.ask("W-1").text(width: nil)
            #expect(text.hasPrefix("Order W-1 (revision 1) was taken at"))
            #expect(text.contains("before it.\n\nnext: A worker takes it in its turn.\n"))
            #expect(text.contains("\nstore: revision 1, heard of at") && text.contains("\nERP: no answer\n"))
            #expect(text.contains("\nWHEN") && text.contains("noted by orders-worker@a:1"))
        }
    }

    @Test("a ledger with nothing but its own tables is asked without a fault")
    func bareLedger() async throws {
        try await WhyDesk.withBareLedger { ledger in
            let reader = WhyReader(question: WhyQuestion("W-1"))
            let report = try await ledger.read { try reader.read($0, now: 1) }
            #expect(!report.isFound)
        }
    }

    @Test("no statement goes through a large table from end to end", arguments: WhySQL.allCases)
    func plan(_ statement: WhySQL) async throws {
        try await expectIndexed(statement.text.description)
    }

    @Test("nor does one of the journal's")
    func journalPlans() async throws {
        for statement in JournalSQL.all { try await expectIndexed(statement.description) }
    }

    private static let large = [
        "journal", "payload", "alias", "store_order", "dead_letter", "subject_state", "outbox", "told", "observed",
        "store_order_line", "store_shipment", "store_parcel", "store_product", "store_stock", "store_customer",
        "feed_gap", "m", "place",
    ]

    private func expectIndexed(_ sql: String) async throws {
        try await WhyDesk.with { desk in
            let values = [SQLValue](repeating: .null, count: Self.parameters(of: sql))
            let plan = try await desk.ledger.read {
                try $0.query(text: "EXPLAIN QUERY PLAN " + sql, values) { $0.text(3) }
            }
            #expect(!plan.isEmpty && Self.scanned(plan).isDisjoint(with: Self.large), "\(sql): \(plan)")
        }
    }

    /// The greatest number of `?1`, `?2` …
    private static func parameters(of sql: String) -> Int {
        sql.split(separator: "?").dropFirst().compactMap { part in Int(part.prefix(while: \.isNumber)) }.max() ?? 0
    }

    /// The tables that a plan goes through from end to end.
    private static func scanned(_ plan: [String]) -> Set<String> {
        Set(plan.filter { $0.hasPrefix("SCAN ") }.map { step in String(step.dropFirst(5).prefix { $0 != " " }) })
    }
}
