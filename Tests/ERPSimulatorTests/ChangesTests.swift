import ERP
import HTTPClient
import Models
import Testing

@Suite struct ChangesTests {
    @Test("changes come oldest first, in pages, each order in its latest state")
    func pages() async throws {
        try await SimulatedERP.with { simulated in
            for number in 1...5 { _ = try await simulated.erp.submit(Fixture.order("\(number)")) }
            _ = try await simulated.erp.amend(Fixture.order("2", revision: 2, quantity: "4"))
            var numbers: [String] = []
            var cursor: String?
            var hasMore = true
            while hasMore {
                let page = try await simulated.erp.changes(of: .orders, since: cursor, limit: 2)
                #expect(page.changes.count <= 2)
                numbers += page.changes.compactMap(\.what.storeNumber)
                cursor = page.cursor
                hasMore = page.hasMore
            }
            #expect(numbers == ["1", "3", "4", "5", "2"])
            let nothing = try await simulated.erp.changes(of: .orders, since: cursor, limit: 10)
            #expect(nothing.changes.isEmpty)
            #expect(nothing.cursor == cursor)
        }
    }

    @Test("what happens in the warehouse is a change")
    func shipments() async throws {
        try await SimulatedERP.with { simulated in
            let order = try await simulated.erp.submit(Fixture.order(skus: ["FST-0001", "FST-0014"], quantity: "7"))
            let start = try await simulated.erp.changes(of: .orders, since: nil, limit: 10).cursor
            #expect(try await simulated.move(order.erpNumber, "ship", #"{"lines":[{"lineId":"1"}]}"#) == 200)
            let first = try await simulated.erp.changes(of: .orders, since: start, limit: 10)
            #expect(first.changes.first?.what.order?.state == .partiallyShipped)
            #expect(try await simulated.move(order.erpNumber, "restock") == 200)
            #expect(try await simulated.move(order.erpNumber, "ship") == 200)
            let second = try await simulated.erp.changes(of: .orders, since: first.cursor, limit: 10)
            #expect(second.changes.first?.what.order?.state == .shipped)
            #expect(second.changes.first?.what.order?.lines[1].quantities.shipped == Fixture.decimal("7"))
            #expect(try await simulated.move(order.erpNumber, "hold") == 409)
        }
    }

    @Test(
        "a move that can not be read moves nothing",
        arguments: [
            "no", "[]", #"{"lines":"1"}"#, #"{"line":[{"lineId":"1"}]}"#, #"{"lines":[{"quantity":"1"}]}"#,
            #"{"lines":[{"lineId":"1","quantity":"two"}]}"#, #"{"lines":[{"lineId":"1","quantity":2}]}"#,
        ])
    func unreadableMove(body: String) async throws {
        try await SimulatedERP.with { simulated in
            let order = try await simulated.erp.submit(Fixture.order())
            #expect(try await simulated.move(order.erpNumber, "ship", body) == 400)
            #expect(try await simulated.erp.findOrder(number: "100001") == order)
        }
    }

    @Test("a line can be backordered by hand, with a promise")
    func backorder() async throws {
        try await SimulatedERP.with { simulated in
            let order = try await simulated.erp.submit(Fixture.order(quantity: "7"))
            let body = #"{"lines":[{"lineId":"1","quantity":"3"}],"promisedDate":"2026-12-24"}"#
            #expect(try await simulated.move(order.erpNumber, "backorder", body) == 200)
            let line = try await simulated.erp.findOrder(number: "100001")?.lines.first
            #expect(line?.status == .partiallyBackordered)
            #expect(line?.quantities.backordered == Fixture.decimal("3"))
            #expect(line?.promisedDate == CalendarDate("2026-12-24"))
        }
    }

    @Test("an order keyed in the ERP comes with everything the store never saw")
    func offline() async throws {
        try await SimulatedERP.with { simulated in
            let body =
                #"{"account":"C-10006","purchaseOrderNumber":"TEL-1","lines":[{"sku":"PWR-0001","quantity":"2"}]}"#
            #expect(try await simulated.send(.post, "/_simulator/offline-orders", body).status == 201)
            let page = try await simulated.erp.changes(of: .orders, since: nil, limit: 10)
            guard case .offlineOrder(let order) = page.changes.first?.what else {
                Issue.record("no offline order")
                return
            }
            #expect(order.account == "C-10006")
            #expect(order.purchaseOrderNumber == "TEL-1")
            #expect(order.totals.total == Fixture.decimal("178.00"))
            #expect(order.lineStatuses.map(\.status) == [.accepted])
        }
    }

    @Test("a cursor of somebody else is refused, not taken for the beginning")
    func foreignCursor() async throws {
        try await SimulatedERP.with { simulated in
            let error = await failure { () async throws(ERPError) in
                try await simulated.erp.changes(of: .orders, since: "yesterday", limit: 1)
            }
            #expect(error?.isUnavailable == true)
        }
    }
}

extension ERPChange {
    fileprivate var order: ERPOrder? {
        if case .order(let order) = self { return order }
        return nil
    }

    fileprivate var storeNumber: String? { order?.storeNumber }
}
