import Ledger
import Models
import Storefront
import Testing

/// What a store may promise of its stock.
@Suite struct AvailabilityTests {
    @Test("an order lowers the promise at once; what the ERP allocates replaces it, first told or first in the stock")
    func order() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", at: 1)
            try await desk.order("W-1", "4")
            try await desk.order("W-1", "4")
            try await desk.expect("EAST 6")
            // The answer says what is held, and the stock does not show it yet.
            try await desk.status("W-1", allocated: "4", at: 5)
            try await desk.expect("EAST 6")
            try await desk.stock("10", reserved: "4", revision: 2, at: 5)
            try await desk.expect("EAST 6")
            // The other way round.
            try await desk.order("W-2", "1")
            try await desk.expect("EAST 5")
            try await desk.stock("10", reserved: "5", revision: 3, at: 9)
            try await desk.expect("EAST 4")
            try await desk.status("W-2", allocated: "1", at: 9)
            try await desk.expect("EAST 5")
        }
    }

    @Test("what has left for an order that the store never heard of lowers nothing, what is allocated to it does")
    func shippedBefore() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", at: 1)
            try await desk.status("OLD-1", allocated: "1", shipped: "4", at: 5)
            try await desk.expect("EAST 9")
            // From then on it is known: what is sent is what was allocated.
            try await desk.status("OLD-1", shipped: "5", revision: 2, at: 6)
            try await desk.stock("9", revision: 2, at: 6)
            try await desk.expect("EAST 9")
        }
    }

    @Test("stock of before the answer does not end what the answer holds")
    func earlierStock() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", at: 1)
            try await desk.order("W-1", "4")
            try await desk.status("W-1", allocated: "4", at: 5)
            try await desk.stock("9", revision: 2, at: 4)
            try await desk.expect("EAST 5")
            try await desk.stock("9", reserved: "4", revision: 3, at: 6)
            try await desk.expect("EAST 5")
        }
    }

    @Test("what the answer holds ends a week later at the latest, once the warehouse tells anything of then")
    func neverStatedAgain() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", at: 1)
            try await desk.order("W-1", "4")
            try await desk.order("W-2", "1", from: nil)
            try await desk.status("W-1", allocated: "4", at: 5)
            try await desk.status("W-2", allocated: "1", from: nil, at: 6)
            try await desk.stock("7", of: "S-2", at: 604_804)
            try await desk.expect("EAST 5")
            try await desk.stock("7", of: "S-2", in: "WEST", at: 610_000)
            try await desk.expect("EAST 6")
            try await desk.stock("8", of: "S-2", revision: 2, at: 604_805)
            try await desk.expect("EAST 10")
            #expect(try await desk.store.rows("SELECT number FROM store_demand").isEmpty)
        }
    }

    @Test("what is shipped from what was allocated changes nothing, and what is backordered holds nothing")
    func shipment() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("3", at: 1)
            try await desk.order("W-1", "5")
            try await desk.expect("EAST 0")
            try await desk.status("W-1", allocated: "3", backordered: "2", at: 5)
            try await desk.stock("3", reserved: "3", revision: 2, at: 5)
            try await desk.expect("EAST 0")
            try await desk.status("W-1", shipped: "3", backordered: "2", revision: 2, at: 7)
            try await desk.stock("0", revision: 3, at: 7)
            try await desk.stock("8", revision: 4, at: 8)
            try await desk.expect("EAST 8")
        }
    }

    @Test("an amendment counts beyond what the ERP holds already, until it is answered")
    func amendment() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", reserved: "4", at: 1)
            try await desk.order("W-1", "4")
            try await desk.status("W-1", allocated: "4", at: 1)
            try await desk.expect("EAST 6")
            try await desk.order("W-1", "6", revision: 2)
            try await desk.expect("EAST 4")
            try await desk.status("W-1", allocated: "6", revision: 2, answered: 2, at: 3)
            try await desk.expect("EAST 4")
            try await desk.stock("10", reserved: "6", revision: 2, at: 3)
            try await desk.expect("EAST 4")
        }
    }

    @Test("a cancelled order wants what it did until the ERP agrees: it may have been sent already")
    func cancelled() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", at: 1)
            try await desk.order("W-1", "4")
            try await desk.order("W-1", "4", revision: 2, isCancelled: true)
            try await desk.expect("EAST 6")
            try await desk.status("W-1", state: .cancelled, answered: 2, at: 3)
            try await desk.expect("EAST 10")
            #expect(try await desk.store.rows("SELECT number FROM store_demand").isEmpty)
        }
    }

    @Test("a rejected order has got nothing")
    func rejected() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", at: 1)
            try await desk.order("W-1", "4")
            try await desk.status("W-1", state: .rejected, at: 3)
            try await desk.expect("EAST 10")
        }
    }

    @Test("a line that asks for another product wants all of it, whatever is held of the first")
    func otherProduct() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", at: 1)
            try await desk.order("W-1", "4", of: "S-2")
            try await desk.status("W-1", at: 1)
            try await desk.order("W-1", "4", of: "S-2", revision: 2)
            try await desk.order("W-1", "3", revision: 3)
            try await desk.expect("EAST 7")
        }
    }

    @Test("a status of before the last answer does not make an order unanswered again")
    func olderAnswer() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", reserved: "4", at: 1)
            try await desk.order("W-1", "4")
            try await desk.status("W-1", allocated: "4", at: 1)
            try await desk.order("W-1", "10", revision: 2)
            try await desk.status("W-1", allocated: "4", revision: 2, answered: 2, at: 1)
            try await desk.expect("EAST 6")
            try await desk.status("W-1", shipped: "4", revision: 3, answered: 1, at: 3)
            try await desk.expect("EAST 6")
        }
    }

    @Test("lines whose ids differ in how a letter is composed are two lines")
    func twins() async throws {
        try await StoreDesk.with { desk in
            let lines = try ["\u{e9}", "e\u{301}"].map { id in
                LineStatus(
                    lineID: id, sku: "S-1", status: .accepted,
                    quantities: .init(
                        ordered: try #require(ExactDecimal("2")), allocated: try #require(ExactDecimal("2")),
                        shipped: .zero, backordered: .zero),
                    warehouse: "EAST")
            }
            try await desk.stock("10", at: 1)
            for revision in 1...2 as ClosedRange<Int64> {
                let status = OrderStatus(
                    number: "W-1", revision: revision, answeredRevision: 1, state: .accepted, lines: lines)
                let time = try desk.second(4 + revision)
                try await desk.store.show { try $0.show(status, at: time, in: $1) }
            }
            try await desk.expect("EAST 6")
        }
    }

    @Test("stock of before an order does not have what the ERP held for it, though the ERP's clock was set back since")
    func clockSetBack() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", at: 3_600)
            try await desk.order("W-1", "4", placed: .now())
            try await desk.status("W-1", allocated: "4", at: 5)
            try await desk.expect("EAST 6")
            try await desk.stock("10", reserved: "4", revision: 2, at: 8)
            try await desk.expect("EAST 6")
            #expect(try await desk.store.rows("SELECT number FROM store_demand").isEmpty)
        }
    }

    @Test("of two stores after the last unit only the first is promised it")
    func lastUnit() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("1", at: 1)
            try await desk.expect("EAST 1")
            try await desk.order("A-1", "1")
            try await desk.expect("EAST 0")
            try await desk.order("B-1", "1")
            try await desk.status("A-1", allocated: "1", at: 3)
            try await desk.status("B-1", backordered: "1", at: 4)
            try await desk.expect("EAST 0")
            try await desk.stock("1", reserved: "1", revision: 2, at: 5)
            try await desk.expect("EAST 0")
        }
    }
}
