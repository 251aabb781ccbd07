import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("What dead letters name")
struct WhyNamingTests {
    private static func fail(
        _ desk: WhyDesk, _ id: String, _ subject: String, _ sentence: String, fingerprint: String = "12d1d08a3f637da3",
        state: DeadLetterState = .open, code: String = "sku.unknown", at clock: String = "11:30:00"
    ) async throws {
        let time = try desk.at(clock)
        let letter = DeadLetterRecord(
            id: id, queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1", subject: subject,
            revision: 1, code: code, category: "rejected", sentence: sentence, fingerprint: fingerprint, attempts: 1,
            firstFailedAt: time, lastFailedAt: time, state: state)
        try await desk.ledger.write { try $0.recordDeadLetter(letter) }
    }

    @Test("a SKU of which only open letters are known leads to them", arguments: ["GONE-03", "gone-03"])
    func sentence(_ typed: String) async throws {
        try await WhyDesk.with { desk in
            try await Self.fail(desk, "L-1", "W-1", "There is no product GONE-03.", at: "11:20:00")
            try await Self.fail(desk, "L-2", "W-2", "There is no product GONE-03.")
            try await Self.fail(desk, "L-3", "W-3", "There is no product GONE-033.", at: "11:40:00")
            try await Self.fail(desk, "L-4", "W-4", "There is no product GONE-03.", state: .resolved, at: "11:41:00")
            let report = try await desk.ask(typed)
            #expect(report.isFound && report.verdict.code == "dead-letter.named")
            #expect(
                report.verdict.sentence
                    == "2 open dead letters name \(typed); the newest is L-2 of W-2 since 2025-03-10T11:30:00Z "
                    + "(sku.unknown): There is no product GONE-03.")
            let remedy = report.verdict.remedy ?? ""
            #expect(remedy.contains("`dead-letter list --fingerprint 12d1d08a3f637da3`"))
            #expect(remedy.contains("name something else"))
            #expect(report.json["letters"]?["letters"] == 2)
            #expect(report.text(width: nil).contains("next: Nothing more happens with them by itself."))
            let nothing = try await desk.ask("GONE-0")
            #expect(!nothing.isFound)
        }
    }

    @Test("what no sentence names is looked for in the kept bodies, as a value")
    func body() async throws {
        try await WhyDesk.with { desk in
            try await Self.fail(desk, "L-1", "W-1", "There is no account C-1.")
            let body = Array(#"{"warehouse":"EAST","sku":"BOLT-88"}"#.utf8)
            _ = try await desk.ledger.write { try $0.storePayload(id: "L-1", body: body, at: 1) }
            let report = try await desk.ask("EAST")
            #expect(
                report.verdict.sentence.hasPrefix("1 open dead letter has EAST in its body; it is L-1 of W-1 since"))
            let part = try await desk.ask("BOLT-8")
            #expect(!part.isFound)
        }
    }

    @Test("a product that is known says which letters of orders name it, besides how it stands")
    func known() async throws {
        try await WhyDesk.with { desk in
            try await desk.tell()
            let before = try await desk.sentence("BOLT-8")
            #expect(!before.contains("dead letter"))
            let body = Array(#"{"sku":"BOLT-8"}"#.utf8)
            try await Self.fail(desk, "L-0", "W-0", "There is no account C-1.")
            _ = try await desk.ledger.write { try $0.storePayload(id: "L-0", body: body, at: 1) }
            let other = try await desk.sentence("BOLT-8")
            #expect(other == before)
            try await Self.fail(desk, "L-1", "W-1", "BOLT-8 is not sold any more.")
            let verdict = try await desk.verdict("BOLT-8")
            #expect(verdict.sentence.contains(" 1 open dead letter names product BOLT-8; it is L-1 of W-1 since"))
        }
    }

    @Test("of more letters than are looked through a lower bound is said, and how many were looked at")
    func bounded() async throws {
        try await WhyDesk.with { desk in
            _ = try await desk.ledger.write { transaction in
                try transaction.execute(
                    """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10500)
                    INSERT INTO dead_letter (id, queue, flow, type, subject, revision, code, category, sentence,
                        fingerprint, attempts, first_failed_at, last_failed_at, state)
                    SELECT 'L-' || i, 'q', 'orders.to-erp', 'order.placed.v1', 'W-' || i, 1, 'sku.unknown', 'rejected',
                        'There is no product FST-' || (i % 2) || '.', 'f-1', 1, i, i, 'open' FROM n
                    """)
            }
            let sentence = try await desk.sentence("FST-1")
            #expect(sentence.hasPrefix("At least 5,000 open dead letters name FST-1; the newest is L-10499 of W-10499"))
            #expect(sentence.hasSuffix(" Looked through were 10,000 of the open letters, the newest of each cause."))
        }
    }

    @Test("small groups are looked through as a whole, and large ones share what is left")
    func shares() {
        let causes = WhyCauses(sizes: [("a", 2), ("b", 9), ("c", 7)], isCut: false)
        let some = causes.shares(of: 10)
        #expect(some == [2, 4, 4] && !causes.isAll(some) && causes.looked(some) == 10)
        #expect(causes.isAll(causes.shares(of: 18)))
    }

    @Test(
        "a fingerprint, its beginning, and the alert's key are a group",
        arguments: ["12d1d08a3f637da3", "12d1", "12D1D08A", "dead-letter/12d1d08a3f637da3"])
    func group(_ typed: String) async throws {
        try await WhyDesk.with { desk in
            try await Self.fail(desk, "L-1", "W-1", "There is no product GONE-03.", at: "11:20:00")
            try await Self.fail(desk, "L-2", "W-2", "There is no product FST-0099.")
            try await Self.fail(desk, "L-3", "W-3", "Other.", fingerprint: "22aa")
            let report = try await desk.ask(typed)
            #expect(report.isFound && report.verdict.code == "dead-letter.group")
            #expect(
                report.verdict.sentence
                    == "The group 12d1d08a3f637da3 has 2 open dead letters of orders.to-erp (sku.unknown); the newest "
                    + "is L-2 of W-2 since 2025-03-10T11:30:00Z: There is no product FST-0099. Of the newest 2 only 1 "
                    + "says so.")
            #expect(report.verdict.told == "Nobody is assigned to the group.")
            #expect(report.verdict.remedy?.hasPrefix("`dead-letter groups show 12d1d08a3f637da3`") == true)
        }
    }

    @Test("a group of which nothing is open says what became of it; one of two beginnings is neither")
    func pastGroup() async throws {
        try await WhyDesk.with { desk in
            try await Self.fail(desk, "L-1", "W-1", "There is no product GONE-03.", state: .resolved)
            let past = try await desk.verdict("12d1")
            #expect(past.code == "dead-letter.group.past" && past.sentence.contains("L-1 of W-1, is resolved"))
            try await Self.fail(desk, "L-2", "W-2", "x", fingerprint: "aaaa0001")
            try await Self.fail(desk, "L-3", "W-3", "x", fingerprint: "aaaa0002")
            let two = try await desk.ask("aaaa")
            #expect(!two.isFound)
        }
    }

    @Test("letters of one group that say something else are not said to have the same cause")
    func pooled() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await Self.fail(desk, "L-1", "W-1", "There is no account C-77777.", fingerprint: "5a85")
            try await Self.fail(desk, "L-2", "W-2", "There is no account C-88888.", fingerprint: "5a85")
            let sentence = try await desk.sentence("W-1")
            #expect(sentence.hasSuffix(" 1 other letter is in its group 5a85; none says the same."))
        }
    }

    @Test("a mail about another account of the group did not tell of this one")
    func strangers() async throws {
        try await WhyDesk.with { desk in
            let letter = DeadLetterRecord(
                id: "L-9", queue: "q", flow: "f", type: "order.placed.v1", subject: "W-9801", revision: 1, code: "c",
                category: "rejected", sentence: "There is no account C-88888.", fingerprint: "5a85", attempts: 1,
                firstFailedAt: try desk.at("11:30:00"), lastFailedAt: try desk.at("11:30:00"))
            var told = WhyTold(key: "dead-letter/5a85", told: [.init(name: "ops", at: try desk.at("11:00:00"))])
            told.about = WhyTold.Subject(
                sentence: "2 orders wait for a person: There is no account C-77777.", subjects: ["W-1", "W-2"],
                count: 2)
            #expect(
                told.text(of: letter)
                    == "ops at 2025-03-10T11:00:00Z, not of this one but of W-1, W-2 (2 orders wait for a person: "
                    + "There is no account C-77777) (alert dead-letter/5a85).")
            told.about?.sentence = "3 orders wait for a person: There is no account C-88888."
            #expect(told.text(of: letter).contains("of its group, before this one failed"))
        }
    }

    @Test("a warehouse is said to be one")
    func warehouse() async throws {
        try await WhyDesk.with { desk in
            try await desk.feed("stock/EAST", readAt: "11:00:00")
            let report = try await desk.ask("EAST")
            #expect(!report.isFound && report.verdict.remedy?.hasPrefix("EAST is a warehouse: ask for a SKU") == true)
        }
    }

    @Test("what a producer can mend is not said to be mended by a replay")
    func malformed() {
        func letter(_ code: String) -> DeadLetterRecord {
            DeadLetterRecord(
                id: "L-1", queue: "q", flow: "f", type: "order.placed.v1", subject: "W-1", revision: 1, code: code,
                category: "malformed", sentence: "s", fingerprint: "f-1", attempts: 1, firstFailedAt: 1,
                lastFailedAt: 1)
        }
        let field = letter("malformed.field").mending
        #expect(field.contains("new revision, which settles it") && field.contains("`dead-letter edit L-1"))
        #expect(!field.contains("replay") && field.contains("`dead-letter discard L-1"))
        let conflict = letter("conflict.same-revision").mending
        #expect(!conflict.contains("edit") && !conflict.contains("replay") && conflict.contains("new revision"))
    }
}
