import ERP
import ERPSimulatorCore
import Models
import Testing

/// Stock follows orders.
@Suite struct StockTests {
    private static let sku = "FST-0001"

    /// On hand and reserved, against the start.
    private func expect(
        _ feed: inout Feed, _ simulated: SimulatedERP, sku: String = StockTests.sku, onHand: String, reserved: String,
        from start: Stock?, _ step: Comment
    ) async throws {
        try await feed.read(simulated.erp)
        let (now, start) = (try #require(feed.stock(sku)), try #require(start))
        #expect(now.onHand.subtracting(start.onHand) == Fixture.decimal(onHand), step)
        #expect(now.reserved.subtracting(start.reserved) == Fixture.decimal(reserved), step)
    }

    @Test("an order reserves, an amendment reserves anew, a cancellation gives back")
    func reserve() async throws {
        try await SimulatedERP.with { simulated async throws in
            var feed = Feed(.stock)
            try await feed.read(simulated.erp)
            let start = feed.stock(Self.sku)
            _ = try await simulated.erp.submit(Fixture.order(quantity: "7"))
            #expect(try await feed.read(simulated.erp).count == 1)
            try await expect(&feed, simulated, onHand: "0", reserved: "7", from: start, "placed")
            _ = try await simulated.erp.submit(Fixture.order(quantity: "7"))
            #expect(try await feed.read(simulated.erp).isEmpty)
            _ = try await simulated.erp.amend(Fixture.order(revision: 2, quantity: "2.5"))
            try await expect(&feed, simulated, onHand: "0", reserved: "2.5", from: start, "amended")
            _ = try await simulated.erp.cancel(Fixture.order(revision: 3))
            try await expect(&feed, simulated, onHand: "0", reserved: "0", from: start, "cancelled")
        }
    }

    @Test("what is shipped leaves the shelf and the reservation; what is left stays reserved")
    func ship() async throws {
        try await SimulatedERP.with { simulated async throws in
            var feed = Feed(.stock)
            try await feed.read(simulated.erp)
            let start = feed.stock(Self.sku)
            let order = try await simulated.erp.submit(Fixture.order(quantity: "7"))
            let part = #"{"lines":[{"lineId":"1","quantity":"3"}]}"#
            #expect(try await simulated.move(order.erpNumber, "ship", part) == 200)
            try await expect(&feed, simulated, onHand: "-3", reserved: "4", from: start, "partly shipped")
            #expect(try await simulated.move(order.erpNumber, "ship") == 200)
            try await expect(&feed, simulated, onHand: "-7", reserved: "0", from: start, "shipped")
        }
    }

    @Test("a held order reserves nothing until it is released")
    func hold() async throws {
        try await SimulatedERP.with { simulated async throws in
            var feed = Feed(.stock)
            try await feed.read(simulated.erp)
            let start = feed.stock(Self.sku)
            let order = try await simulated.erp.submit(Fixture.order(account: "C-10004", quantity: "7"))
            #expect(try await feed.read(simulated.erp).isEmpty)
            #expect(try await simulated.move(order.erpNumber, "release") == 200)
            try await expect(&feed, simulated, onHand: "0", reserved: "7", from: start, "released")
        }
    }

    @Test("a substitute is reserved in place of what was ordered, and a backordered line reserves nothing")
    func substitute() async throws {
        try await SimulatedERP.with { simulated async throws in
            var feed = Feed(.stock)
            try await feed.read(simulated.erp)
            let (start, other) = (feed.stock("FST-0017"), feed.stock("FST-0008"))
            _ = try await simulated.erp.submit(Fixture.order(skus: ["FST-0016", "FST-0008"], quantity: "7"))
            try await expect(&feed, simulated, sku: "FST-0017", onHand: "0", reserved: "7", from: start, "substitute")
            #expect(feed.stock("FST-0008") == other)
        }
    }

    @Test("where stock is used up, nobody gets what another has, and the rest is promised for the next receipt")
    func finite() async throws {
        try await SimulatedERP.with(SimulatorOptions(isStockFinite: true)) { simulated async throws in
            let level = #"{"sku":"FST-0014","warehouse":"EAST","incoming":[{"quantity":"50","date":"2027-01-02"}]}"#
            #expect(try await simulated.post("changes/stock", level) == 200)
            let first = try await simulated.erp.submit(Fixture.order("1", skus: ["FST-0014"], quantity: "3")).lines[0]
            #expect(first.quantities.allocated == Fixture.decimal("3") && first.promisedDate == nil)
            let skus = ["FST-0014", "FST-0014"]
            let second = try await simulated.erp.submit(Fixture.order("2", skus: skus, quantity: "1.5")).lines
            #expect(second.map(\.quantities.allocated) == [Fixture.decimal("1.5"), Fixture.decimal("0.5")])
            #expect(second[1].quantities.backordered == Fixture.decimal("1"))
            #expect(second[1].promisedDate == CalendarDate("2027-01-02"))
            let third = try await simulated.erp.submit(Fixture.order("3", skus: ["FST-0014"], quantity: "1")).lines[0]
            #expect(third.status.rawValue.count == "backordered".count && third.quantities.allocated.isZero)
            // An amendment may keep what the order has, and no more.
            let more = try await simulated.erp.amend(Fixture.order("1", revision: 2, skus: ["FST-0014"], quantity: "4"))
            #expect(more.lines[0].quantities.allocated == Fixture.decimal("3"))
            _ = try await simulated.erp.cancel(Fixture.order("2", revision: 2))
            #expect(try await simulated.move("SO000003", "restock") == 200)
            var feed = Feed(.stock)
            try await feed.read(simulated.erp)
            #expect(feed.stock("FST-0014")?.reserved == Fixture.decimal("4"))
            #expect(feed.stock("FST-0014")?.available == Fixture.decimal("1"))
        }
    }

    @Test("no quantity that an order can have breaks the books")
    func extremes() async throws {
        try await SimulatedERP.with { simulated async throws in
            var feed = Feed(.stock)
            for number in 1...3 {
                let order = Fixture.order("\(number)", quantity: "1000000000")
                _ = try await simulated.erp.submit(order)
            }
            try await feed.read(simulated.erp)
            #expect(feed.unreadable.isEmpty)
            #expect(feed.stock(Self.sku)?.reserved == Fixture.decimal("1000000000"))
        }
    }

    @Test("shipping tells a shipment for each warehouse, with carrier, service, numbers, day and lines")
    func shipments() async throws {
        try await SimulatedERP.with { simulated async throws in
            let skus = ["FST-0001", "FST-0012", "FST-0016"]
            let order = try await simulated.erp.submit(Fixture.order(skus: skus, quantity: "7"))
            let body = #"{"carrier":"FEDEX","service":"2DAY","trackingNumbers":["77","78"],"shipDate":"2026-03-02"}"#
            #expect(try await simulated.move(order.erpNumber, "ship", body) == 200)
            var feed = Feed(.shipments)
            try await feed.read(simulated.erp)
            #expect(feed.unreadable.isEmpty && feed.shipments.count == 2)
            let first = try #require(feed.shipments.first)
            #expect(first.order == .online("100001") && first.warehouse.count == "EAST".count)
            #expect(first.carrier == Optional("FEDEX") && first.service == Optional("2DAY"))
            #expect(first.trackingNumbers == ["77", "78"] && first.shipDate == CalendarDate("2026-03-02"))
            #expect(first.lines.map(\.sku) == ["FST-0001", "FST-0017"] && first.lines.map(\.lineID) == ["1", "3"])
            #expect(first.state == .shipped)
            #expect(feed.shipments[1].lines.map(\.sku) == ["FST-0012"])
            #expect(
                try await simulated.post("changes/shipments", #"{"number":"\#(first.id)","state":"delivered"}"#) == 200)
            try await feed.read(simulated.erp)
            #expect(feed.shipments.first?.state == .delivered && feed.shipments.first?.lines == first.lines)
        }
    }
}
