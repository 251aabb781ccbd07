import Ledger
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Why a dead letter, and what it leaves unsaid")
struct WhyLetterTests {
    @Test("a message that could not be read is found by its id, and says that it is a dead letter")
    func unreadable() async throws {
        try await WhyDesk.with { desk in
            let at = try desk.at("11:30:00")
            try await desk.ledger.write { transaction in
                try transaction.recordDeadLetter(
                    DeadLetterRecord(
                        id: "m-9", queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "", subject: "",
                        revision: 0, code: "malformed.json", category: "malformed", sentence: "The body is no JSON.",
                        fingerprint: "f-9", attempts: 1, firstFailedAt: at, lastFailedAt: at))
            }
            let report = try await desk.ask("m-9")
            #expect(report.isFound && report.verdict.code == "dead-letter.open")
            #expect(
                report.verdict.sentence
                    == "Message m-9 is a dead letter since 2025-03-10T11:30:00Z (malformed.json): The body is no JSON.")
            let remedy = report.verdict.remedy ?? ""
            #expect(remedy.contains("`dead-letter show m-9`") && remedy.contains("`dead-letter discard m-9"))
            #expect(!remedy.contains("replay") && !remedy.contains("edit") && !remedy.contains("new revision"))
            let letter = report.json["message"]?["letter"]
            #expect(letter?["state"] == "open" && letter?["code"] == "malformed.json")
            #expect(report.json["isCut"] == false && report.json["message"]?["keptAt"] == .null)
        }
    }

    @Test(
        "a message of which no object is known says what its last step was, whatever it is",
        arguments: [
            ("claimed", "was begun at"), ("retried", "was put back at"), ("conflict", "was refused at"),
            ("dead-lettered", "became a dead letter at"), ("replayed", "was replayed by w at"),
            ("edited", "was corrected by w at"), ("discarded", "was set aside by w at"), ("applied", "was applied at"),
            ("noted-retried", "was last seen at"),
        ])
    func stages(_ stage: String, _ words: String) async throws {
        try await WhyDesk.with { desk in
            try await desk.journal(JournalEntry(at: 1, messageID: "x-1", stage: stage, code: "ok", worker: "w"))
            let report = try await desk.ask("x-1")
            #expect(report.isFound && report.verdict.code == "message")
            #expect(report.verdict.sentence.hasPrefix("Message x-1 \(words)"))
        }
    }

    @Test("a message that stops its object is said once; one that was set aside says by whom")
    func ofObject() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.letter("L-1", "W-1")
            let open = try await desk.sentence("L-1")
            #expect(
                open
                    == "Message L-1 (order.placed.v1, revision 1) of order W-1 is a dead letter since "
                    + "2025-03-10T11:30:00Z (sku.unknown): The ERP knows no product FST-1.")
            try await desk.letter("L-2", "W-2", state: .discarded, note: "anna: not wanted")
            let discarded = try await desk.sentence("L-2")
            #expect(
                discarded.hasPrefix(
                    "Message L-2 (order.placed.v1, revision 1) of order W-2 was a dead letter at "
                        + "2025-03-10T11:30:00Z, and was set aside by a person: anna: not wanted."))
        }
    }

    @Test("a change that was sent under a revision that is applied is said besides")
    func conflict() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", revision: 2, day: 7)
            try await desk.answer("W-1", revision: 2)
            try await desk.show("W-1")
            try await desk.letter("L-1", "W-1", revision: 2, code: "conflict.same-revision")
            let verdict = try await desk.verdict("W-1")
            #expect(verdict.code == "accepted")
            #expect(
                verdict.sentence.hasSuffix(
                    " But a change of order W-1 sent at the same revision 2 is a dead letter since "
                        + "2025-03-10T11:30:00Z."))
            #expect(verdict.remedy?.contains("dead-letter show L-1") == true)
        }
    }

    @Test("a letter without a revision borrows none, and a newer revision makes it past")
    func withoutRevision() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.letter("L-1", "W-1", revision: 0)
            let verdict = try await desk.verdict("W-1")
            #expect(
                verdict.sentence.hasPrefix(
                    "A message of order W-1 whose revision cannot be read is a dead letter since"))
            try await desk.note("W-1", revision: 2, at: "11:40:00")
            let later = try await desk.verdict("W-1")
            #expect(later.code == "queue" && later.sentence.hasPrefix("Order W-1 (revision 2) was taken at"))
        }
    }

    @Test("a change that was set aside does not hide how the order stands")
    func setAside() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", day: 7)
            try await desk.answer("W-1")
            try await desk.show("W-1")
            try await desk.note("W-1", revision: 2)
            try await desk.letter("L-2", "W-1", revision: 2, state: .discarded, note: "anna: not wanted")
            let verdict = try await desk.verdict("W-1")
            #expect(verdict.code == "accepted")
            #expect(
                verdict.sentence.hasPrefix(
                    "Order W-1 (revision 2) was set aside by a person: anna: not wanted. The ERP accepted order W-1"))
        }
    }

    @Test("a letter that was corrected says by whom and as which message")
    func corrected() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.letter("m-1", "W-1", state: .replayed)
            _ = try await desk.ledger.write { transaction in
                try transaction.execute("UPDATE dead_letter SET edited_as = 'm-2' WHERE id = 'm-1'")
            }
            try await desk.journal(desk.step("edited", "W-1", 1, code: "sku.unknown", worker: "anna", at: "11:45:00"))
            let verdict = try await desk.verdict("W-1")
            #expect(verdict.code == "dead-letter.edited")
            #expect(
                verdict.sentence.hasPrefix(
                    "Order W-1 (revision 1) was corrected by anna at 2025-03-10T11:45:00Z and sent as m-2, and nothing "
                        + "has been seen of it since: "))
            let message = try await desk.sentence("m-1")
            #expect(
                message.contains("and was corrected by anna at 2025-03-10T11:45:00Z and sent as m-2. Order W-1"))
        }
    }

    @Test("what a queue has lost was sent again, or is given up when its body is gone")
    func lost() async throws {
        try await WhyDesk.with { desk in
            for (number, code) in [("W-1", "body.gone"), ("W-2", "ok")] {
                try await desk.note(number)
                try await desk.journal(desk.step("sent-again", number, 1, code: code, at: "11:45:00"))
            }
            let lost = try await desk.verdict("W-1")
            #expect(lost.code == "message.lost" && lost.remedy == "Have the store publish it anew.")
            #expect(lost.sentence.hasPrefix("Order W-1 (revision 1) is not in orders.to-erp, which never had it"))
            let resent = try await desk.verdict("W-2")
            #expect(resent.code == "queue")
            #expect(
                resent.sentence.hasPrefix(
                    "Order W-2 (revision 1) was sent again at 2025-03-10T11:45:00Z and waits in orders.to-erp"))
        }
    }

    @Test("a revision of which only the number is left is not said to wait in an empty queue")
    func unknown() async throws {
        try await WhyDesk.with { desk in
            try await desk.apply("order@orders.taken", "W-1", 2)
            let empty = WhyBroker.asked(["orders.to-erp": .init(ready: 0, workers: 1)])
            let verdict = try await desk.verdict("W-1", broker: empty)
            #expect(
                verdict.sentence == "Nothing is known any more of order W-1 (revision 2): its queue is empty.")
            #expect(verdict.remedy == "Have the store publish the order again.")
        }
    }
}
