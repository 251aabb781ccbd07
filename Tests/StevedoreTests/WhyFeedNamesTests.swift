import Fleet
import Ledger
import Testing

@testable import Stevedore

@Suite("Names that only the feed knows")
struct WhyFeedNamesTests {
    @Test("what only the feed knows, because it cannot read it, is heard of")
    func gaps() async throws {
        try await WhyDesk.with { desk in
            try await desk.gap("orders", "SO-9")
            try await desk.feed("stock/EAST", readAt: "11:59:00")
            try await desk.gap("stock/EAST", "BOLT-7/EAST")
            let order = try await desk.ask("SO-9")
            #expect(order.answers.map(\.thing) == [.offlineOrder("SO-9")])
            #expect(
                order.verdict.sentence.hasSuffix(
                    " What the ERP says of order SO-9 cannot be read since 2025-03-10T08:00:00Z: no such state."))
            #expect(order.verdict.next == "Until then the store is told nothing of it.")
            let stock = try await desk.ask("BOLT-7")
            #expect(
                stock.verdict.sentence
                    == "What the ERP says of the stock of product BOLT-7 in EAST cannot be read since "
                    + "2025-03-10T08:00:00Z: no such state.")
        }
    }

    @Test("an order of the store that the feed cannot read is one object, and not two")
    func gapOfStoreOrder() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", day: 7)
            try await desk.answer("W-1")
            try await desk.gap("orders", "SO-4711")
            let report = try await desk.ask("SO-4711")
            #expect(report.answers.map(\.thing) == [.order("W-1")])
        }
    }

    @Test("steps of the feed lead to what they tell of")
    func journalledStream() async throws {
        try await WhyDesk.with { desk in
            try await desk.journal(
                JournalEntry(
                    at: 1, messageID: "", type: "customers", subject: "C-7", revision: 0, stage: "unreadable",
                    code: "feed.unreadable"))
            let report = try await desk.ask("C-7")
            #expect(report.answers.map(\.thing) == [.account("C-7")])
        }
    }
}
