import Ledger
import Models
import Storefront
import Testing

/// A store whose stock, orders and answers are told in the order of a test, each at a second of its own.
struct StoreDesk {
    let store: StoreFixture

    static func with(_ body: (StoreDesk) async throws -> Void) async throws {
        try await StoreFixture.with { try await body(StoreDesk(store: $0)) }
    }

    func second(_ seconds: Int64) throws -> Timestamp {
        try #require(Timestamp(microseconds: 1_770_000_000_000_000 + seconds * 1_000_000))
    }

    func stock(
        _ onHand: String, of sku: String = "S-1", reserved: String = "0", in warehouse: String = "EAST",
        revision: Int64 = 1,
        at seconds: Int64
    ) async throws {
        let stock = Stock(
            sku: sku, warehouse: warehouse, revision: revision, unit: .one,
            onHand: try #require(ExactDecimal(onHand)), reserved: try #require(ExactDecimal(reserved)))
        let time = try second(seconds)
        try await store.show { try $0.show(stock, at: time, in: $1) }
    }

    func order(
        _ number: String, _ quantity: String, of sku: String = "S-1", revision: Int64 = 1,
        from warehouse: String? = "EAST",
        isCancelled: Bool = false, account: String = "C-1", placed: Timestamp? = nil
    ) async throws {
        var order = try Unlike.order()
        (order.number, order.revision, order.preferredWarehouse) = (number, revision, warehouse)
        order.customer = .account(account)
        order.lines = Array(order.lines.prefix(1))
        order.lines[0].id = "1"
        order.lines[0].sku = sku
        order.lines[0].quantity = try #require(ExactDecimal(quantity))
        let taken = order
        let time = try placed ?? second(0)
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
