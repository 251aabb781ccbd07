import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("What an erasing says of what it leaves")
struct EraseReportTests {
    private static func text(_ counts: EraseCounts, isApplied: Bool = true) -> String {
        EraseReport(order: EraseDesk.request(isApplied: isApplied), isJSON: false).text(counts, true)
    }

    @Test("where orders are left, it does not say that nothing of the person is there")
    func left() {
        var counts = EraseCounts()
        #expect(Self.text(counts) == "Nothing of that person is there.\n")
        counts.open = ["W-1"]
        let text = Self.text(counts)
        #expect(!text.contains("Nothing of that person is there"))
        #expect(text.contains("Left, because the ERP has not answered them: W-1. Run the same command"))
        let dry = Self.text(counts, isApplied: false)
        #expect(dry.contains("Would be left, because the ERP has not answered them: W-1."))
    }

    @Test("of a dead letter, which is never answered by itself, it says how it is given up")
    func dead() {
        var counts = EraseCounts()
        (counts.open, counts.dead) = (["W-1", "W-2"], ["W-2", "W-3"])
        let text = Self.text(counts)
        #expect(text.contains("the ERP has not answered them: W-1."))
        #expect(text.contains("because they are dead letters, which nobody answers by itself: W-2."))
        #expect(text.contains("`dead-letter discard --all --subject W-2 --reason … --tell-store`"))
        #expect(counts.json["deadLetterOrders"] == .array([.string("W-2")]))
    }

    @Test("which open orders are dead letters is found in the ledger")
    func found() async throws {
        try await EraseDesk.with { desk in
            let body = EraseDesk.body(try EraseDesk.order("W-9"), Catalogue.orderPlaced, id: "m-9")
            try await desk.ledger.write { transaction in
                _ = try transaction.storePayload(id: "m-9", body: body, at: 1)
                try transaction.recordDeadLetter(
                    DeadLetterRecord(
                        id: "m-9", queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1",
                        subject: "W-9", revision: 1, code: "sku.unknown", category: "rejected", sentence: "No.",
                        fingerprint: "f", attempts: 1, firstFailedAt: 1, lastFailedAt: 1))
            }
            let counts = try await desk.erase()
            #expect(counts.open == ["W-9"] && counts.left.dead == ["W-9"])
            _ = try await desk.ledger.write { try $0.updateDeadLetter(id: "m-9", from: .open, to: .discarded) }
            let after = try await desk.erase()
            #expect(after.open.isEmpty)
            let traces = try await desk.traces()
            #expect(traces == [])
        }
    }
}
