import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Why an order was never sent")
struct WhyWithheldTests {
    /// Cancelled before the ERP had heard of it; the store is shown that, or not yet.
    private static func cancel(_ desk: WhyDesk, isShown: Bool) async throws {
        try await desk.note("W-1", revision: 2, day: 7)
        try await desk.answer("W-1", revision: 2, state: "cancelled", erp: nil)
        guard isShown else { return }
        let reason = OrderStatus.Reason(code: "order.cancelled-unsent", text: "Cancelled before it was processed.")
        try await desk.show("W-1", .cancelled, erp: nil, reason: reason, answering: 2)
    }

    private static let sentence =
        "Order W-1 was cancelled before the ERP had heard of it, and never went there: answered by us at "
        + "2025-03-07T12:00:00Z."

    private static func erpSide(_ desk: WhyDesk) async throws -> String? {
        let sides = try await desk.ask("W-1").answers.first?.sides ?? []
        return sides.first { $0.side == "ERP" }?.says
    }

    @Test("its end is ours, and the ERP is not said to have cancelled it")
    func cancelled() async throws {
        try await WhyDesk.with { desk in
            try await Self.cancel(desk, isShown: true)
            let verdict = try await desk.verdict("W-1")
            #expect(verdict.sentence == Self.sentence)
            #expect(verdict.code == "cancelled.unsent" && verdict.remedy == nil)
            let side = try await Self.erpSide(desk)
            #expect(side == "nothing; cancelled before it had heard of it")
        }
    }

    @Test("an order that the ERP has cancelled is still one that the ERP has cancelled")
    func cancelledInERP() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", day: 7)
            try await desk.answer("W-1", state: "cancelled")
            try await desk.show("W-1", .cancelled)
            let verdict = try await desk.verdict("W-1")
            #expect(verdict.code == "cancelled" && verdict.sentence.contains("is cancelled in the ERP"))
        }
    }

    @Test("while its cancellation is on its way, the order is said to be withheld, and not answered")
    func withheld() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.note("W-1", revision: 2, at: "11:10:00")
            try await desk.answer("W-1", state: SubjectState.withheld, erp: nil, at: "11:20:00", day: 10)
            let verdict = try await desk.verdict("W-1")
            #expect(verdict.code == "queue" && verdict.sentence.hasPrefix("Order W-1 (revision 2) was taken at"))
            let side = try await Self.erpSide(desk)
            #expect(side == "nothing; withheld, because the order is cancelled")
        }
    }

    @Test("a message that was kept from the ERP says which one called its order off")
    func message() async throws {
        try await WhyDesk.with { desk in
            try await Self.cancel(desk, isShown: true)
            try await desk.journal(
                desk.step(
                    "withheld", "W-1", 1, id: "m-7", detail: "revision 2 calls it off before it was ever sent",
                    at: "11:20:00"))
            let verdict = try await desk.verdict("m-7")
            #expect(
                verdict.sentence
                    == "Message m-7 (order.placed.v1, revision 1) of order W-1 was kept from the ERP at "
                    + "2025-03-10T11:20:00Z: revision 2 calls it off before it was ever sent. " + Self.sentence)
        }
    }
}
