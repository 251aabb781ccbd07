import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Why, after somebody has given a dead letter up")
struct WhyDiscardTests {
    private static func wait(_ desk: WhyDesk, mark: Int64 = 1) async throws {
        let since = try desk.at("11:30:00")
        try await desk.ledger.write { transaction in
            try transaction.open(
                ExpectationRow(
                    key: .init(name: "order-answered", family: "order", subject: "W-1", mark: mark), clock: "erp",
                    opened: 0, since: since))
        }
    }

    @Test("the answer is ours and names who gave it, and the ERP is not said to have answered")
    func ownAnswer() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.letter("m-1", "W-1", state: .discarded, note: "anna: no longer sold")
            try await desk.show(
                "W-1", .rejected, erp: nil, reason: .init(code: "order.discarded", text: "no longer sold"),
                at: "11:40:00", day: 10)
            let facts = try #require(try await desk.ask("W-1").answers.first)
            let side = facts.sides.first { $0.side == "ERP" }?.says
            #expect(side == "nothing; answered by us (discarded by anna: no longer sold)")
            #expect(facts.verdict.code == "dead-letter.discarded")
            #expect(facts.verdict.sentence.hasSuffix("answered by us, not by the ERP, that it is rejected."))
        }
    }

    @Test("the same once the letter's row is gone")
    func pruned() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.show(
                "W-1", .rejected, erp: nil, reason: .init(code: "order.discarded", text: "no longer sold"),
                at: "11:40:00", day: 10)
            let sides = try #require(try await desk.ask("W-1").answers.first).sides
            #expect(
                sides.first { $0.side == "ERP" }?.says
                    == "nothing; answered by us (discarded by a person: no longer sold)")
        }
    }

    @Test("an answer of the ERP's own is told as before")
    func erp() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", day: 7)
            try await desk.answer("W-1", state: "rejected")
            try await desk.show("W-1", .rejected, reason: .init(code: "credit.hold", text: "no credit"))
            let facts = try #require(try await desk.ask("W-1").answers.first)
            let side = facts.sides.first { $0.side == "ERP" }?.says ?? ""
            #expect(side.hasPrefix("answered revision 1: rejected") && facts.verdict.code == "rejected")
        }
    }

    @Test("no alarm is announced for what is a dead letter, or was given up a moment ago", arguments: [true, false])
    func alarm(isOpen: Bool) async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", day: 7)
            try await desk.answer("W-1")
            try await desk.show("W-1")
            try await desk.note("W-1", revision: 2)
            try await Self.wait(desk, mark: 2)
            let before = try await desk.verdict("W-1")
            #expect(before.next.contains("order-answered is watched for"))
            try await desk.letter("m-2", "W-1", revision: 2, state: isOpen ? .open : .discarded)
            let after = try await desk.verdict("W-1")
            #expect(!after.next.contains("watched for"))
        }
    }

    @Test("a letter whose person was erased is to be discarded, whatever was noted of it before")
    func erased() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.letter("m-1", "W-1", note: "anna: asked the buyer; " + EraseLedger.note)
            let verdict = try await desk.verdict("W-1")
            let remedy = verdict.remedy ?? ""
            #expect(remedy.contains("`dead-letter discard m-1") && !remedy.contains("replay"))
        }
    }

    @Test("who was told of the group before this letter failed has not heard of it")
    func toldBefore() async throws {
        try await WhyDesk.with { desk in
            let letter = DeadLetterRecord(
                id: "m-1", queue: "q", flow: "f", code: "c", category: "rejected", sentence: "s", fingerprint: "f-1",
                attempts: 1, firstFailedAt: try desk.at("11:30:00"), lastFailedAt: try desk.at("11:30:00"))
            let told = WhyTold(
                key: "dead-letter/f-1",
                told: [
                    .init(name: "anna", at: try desk.at("11:00:00")), .init(name: "bob", at: try desk.at("11:45:00")),
                ])
            #expect(
                told.text(of: letter)
                    == "anna at 2025-03-10T11:00:00Z, of its group, before this one failed, bob at "
                    + "2025-03-10T11:45:00Z (alert dead-letter/f-1).")
        }
    }
}
