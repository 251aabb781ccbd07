import Ledger
import Models
import Storefront
import Testing

/// What a store may promise of its stock, and on account.
@Suite struct AvailabilityTests {
    /// A store whose stock, orders and answers are told in the order of a test, each at a second of its own.
    struct Desk {
        let store: StoreFixture

        private func second(_ seconds: Int64) throws -> Timestamp {
            try #require(Timestamp(microseconds: 1_770_000_000_000_000 + seconds * 1_000_000))
        }

        func stock(
            _ onHand: String, reserved: String = "0", in warehouse: String = "EAST", revision: Int64 = 1,
            at seconds: Int64
        ) async throws {
            let stock = Stock(
                sku: "S-1", warehouse: warehouse, revision: revision, unit: .one,
                onHand: try #require(ExactDecimal(onHand)), reserved: try #require(ExactDecimal(reserved)))
            let time = try second(seconds)
            try await store.show { try $0.show(stock, at: time, in: $1) }
        }

        func order(
            _ number: String, _ quantity: String, of sku: String = "S-1", revision: Int64 = 1,
            from warehouse: String? = "EAST",
            isCancelled: Bool = false, account: String = "C-1"
        ) async throws {
            var order = try Unlike.order()
            (order.number, order.revision, order.preferredWarehouse) = (number, revision, warehouse)
            order.customer = .account(account)
            order.lines = Array(order.lines.prefix(1))
            order.lines[0].id = "1"
            order.lines[0].sku = sku
            order.lines[0].quantity = try #require(ExactDecimal(quantity))
            let taken = order
            let time = try second(0)
            try await store.show { try $0.note(taken, isCancelled: isCancelled, at: time, in: $1) }
        }

        func status(
            _ number: String, allocated: String = "0", shipped: String = "0", backordered: String = "0",
            from warehouse: String? = "EAST", state: OrderStatus.State = .accepted, revision: Int64 = 1,
            answered: Int64 = 1, at seconds: Int64
        ) async throws {
            let line = LineStatus(
                lineID: "1", sku: "S-1", status: .accepted,
                quantities: .init(
                    ordered: try #require(ExactDecimal("5")), allocated: try #require(ExactDecimal(allocated)),
                    shipped: try #require(ExactDecimal(shipped)), backordered: try #require(ExactDecimal(backordered))),
                warehouse: warehouse)
            let status = OrderStatus(
                number: number, revision: revision, answeredRevision: answered, state: state,
                reason: state == .rejected ? .init(code: "no", text: "No.") : nil, lines: [line])
            let time = try second(seconds)
            try await store.show { try $0.show(status, at: time, in: $1) }
        }

        /// What each warehouse may promise, as `EAST 5 WEST 0`.
        func expect(_ promises: String, at place: SourceLocation = #_sourceLocation) async throws {
            let found = try await store.rows(
                """
                SELECT warehouse || ' ' || (promise_micro / 1000000) FROM store_availability WHERE sku = 'S-1'
                ORDER BY warehouse
                """)
            #expect(found.joined(separator: " ") == promises, sourceLocation: place)
        }
    }

    private func withDesk(_ body: (Desk) async throws -> Void) async throws {
        try await StoreFixture.with { try await body(Desk(store: $0)) }
    }

    @Test("an order lowers the promise at once; what the ERP allocates replaces it, first told or first in the stock")
    func order() async throws {
        try await withDesk { desk in
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

    @Test("stock of before the answer does not end what the answer holds")
    func earlierStock() async throws {
        try await withDesk { desk in
            try await desk.stock("10", at: 1)
            try await desk.order("W-1", "4")
            try await desk.status("W-1", allocated: "4", at: 5)
            try await desk.stock("9", revision: 2, at: 4)
            try await desk.expect("EAST 5")
            try await desk.stock("9", reserved: "4", revision: 3, at: 6)
            try await desk.expect("EAST 5")
        }
    }

    @Test("what is shipped from what was allocated changes nothing, and what is backordered holds nothing")
    func shipment() async throws {
        try await withDesk { desk in
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
        try await withDesk { desk in
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
        try await withDesk { desk in
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
        try await withDesk { desk in
            try await desk.stock("10", at: 1)
            try await desk.order("W-1", "4")
            try await desk.status("W-1", state: .rejected, at: 3)
            try await desk.expect("EAST 10")
        }
    }

    @Test("a line that asks for another product wants all of it, whatever is held of the first")
    func otherProduct() async throws {
        try await withDesk { desk in
            try await desk.stock("10", at: 1)
            try await desk.order("W-1", "4", of: "S-2")
            try await desk.status("W-1", at: 1)
            try await desk.order("W-1", "4", of: "S-2", revision: 2)
            try await desk.order("W-1", "3", revision: 3)
            try await desk.expect("EAST 7")
        }
    }

    @Test("what is held in one warehouse is not what is wanted of another")
    func otherWarehouse() async throws {
        try await withDesk { desk in
            try await desk.stock("10", reserved: "4", at: 1)
            try await desk.stock("10", in: "WEST", at: 1)
            try await desk.order("W-1", "4")
            try await desk.status("W-1", allocated: "4", at: 1)
            try await desk.order("W-1", "4", revision: 2, from: "WEST")
            try await desk.expect("EAST 6 WEST 6")
        }
    }

    @Test("a status of before the last answer does not make an order unanswered again")
    func olderAnswer() async throws {
        try await withDesk { desk in
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

    @Test("what the ERP lets go again is no longer kept beside its stock")
    func letGo() async throws {
        try await withDesk { desk in
            try await desk.stock("10", at: 1)
            try await desk.order("W-1", "4")
            try await desk.status("W-1", allocated: "4", at: 5)
            try await desk.status("W-1", allocated: "1", backordered: "3", revision: 2, at: 6)
            try await desk.expect("EAST 9")
            // From another warehouse: this one is free again.
            try await desk.status("W-1", allocated: "1", from: "WEST", revision: 3, at: 7)
            try await desk.expect("EAST 10")
        }
    }

    @Test(
        "an order that names no warehouse lowers every promise, and answers to orders never taken lower the one they name"
    )
    func warehouses() async throws {
        try await withDesk { desk in
            try await desk.stock("10", at: 1)
            try await desk.stock("3", in: "WEST", at: 1)
            try await desk.order("W-1", "4", from: nil)
            try await desk.expect("EAST 6 WEST 0")
            try await desk.status("W-1", allocated: "4", at: 5)
            try await desk.expect("EAST 6 WEST 3")
            try await desk.status("W-2", allocated: "2", from: "WEST", at: 5)
            try await desk.expect("EAST 6 WEST 1")
        }
    }

    @Test("of two stores after the last unit only the first is promised it")
    func lastUnit() async throws {
        try await withDesk { desk in
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

    @Test("the safety buffer of the warehouse is kept back, or that of all others")
    func buffers() async throws {
        try await withDesk { desk in
            try await desk.stock("10", at: 1)
            try await desk.stock("10", in: "WEST", at: 1)
            let (two, one) = (try #require(ExactDecimal("2")), try #require(ExactDecimal("1")))
            try await desk.store.storefront.show(buffers: ["EAST": two, "*": one], in: desk.store.ledger)
            try await desk.expect("EAST 8 WEST 9")
            try await desk.store.storefront.show(buffers: [:], in: desk.store.ledger)
            try await desk.expect("EAST 10 WEST 10")
        }
    }

    // MARK: - On account

    private func customer(at seconds: Int64, revision: Int64, used: String, _ desk: Desk) async throws {
        let customer = Customer(
            account: "C-1", revision: revision, name: "Northwind", currency: try Unlike.order().currency,
            isPurchaseOrderAllowed: true, creditLimit: ExactDecimal("1000000"),
            creditUsed: try #require(ExactDecimal(used)), isActive: true)
        let time = try #require(Timestamp(microseconds: 1_770_000_000_000_000 + seconds * 1_000_000))
        try await desk.store.show { try $0.show(customer, at: time, in: $1) }
    }

    private func left(_ desk: Desk) async throws -> [String] {
        try await desk.store.rows(
            "SELECT CASE WHEN owed_micro > 0 THEN 'owed' ELSE 'all' END FROM store_purchase_order WHERE account = 'C-1'"
        )
    }

    @Test("an order on account lowers the credit until the ERP has answered it and stated the account anew")
    func credit() async throws {
        try await withDesk { desk in
            try await customer(at: 1, revision: 1, used: "0", desk)
            #expect(try await left(desk) == ["all"])
            try await desk.order("W-1", "1")
            #expect(try await left(desk) == ["owed"])
            try await desk.status("W-1", allocated: "1", at: 5)
            #expect(try await left(desk) == ["owed"])
            try await customer(at: 4, revision: 2, used: "0", desk)
            #expect(try await left(desk) == ["owed"])
            try await customer(at: 5, revision: 3, used: "100", desk)
            #expect(try await left(desk) == ["all"])
            try await desk.order("W-2", "1")
            try await desk.status("W-2", state: .rejected, at: 9)
            #expect(try await left(desk) == ["all"])
        }
    }

    @Test("an order is shown as received, with what the store knows of it, before the ERP has answered")
    func received() async throws {
        try await withDesk { desk in
            try await desk.order("W-1", "1")
            let shown = "SELECT state || ' ' || account || ' ' || revision FROM store_order WHERE number = 'W-1'"
            #expect(try await desk.store.rows(shown) == ["received C-1 0"])
            try await desk.status("W-1", allocated: "1", at: 5)
            #expect(try await desk.store.rows(shown) == ["accepted C-1 1"])
        }
    }
}
