import ERP
import ERPSimulatorCore
import FleetTesting
import HTTPClient
import Models
import Testing

/// What happens in the company without the store.
@Suite struct ActivityTests {
    private static let day = CalendarDate("2026-05-12")

    private func play(_ steps: [Int], seed: Int) async throws -> [String: String] {
        var told: [String: String] = [:]
        try await SimulatedERP.with(SimulatorOptions(today: Self.day)) { simulated in
            for number in 1...5 {
                _ = try await simulated.erp.submit(Fixture.order("\(number)", skus: ["FST-0014"], quantity: "9"))
            }
            for (index, events) in steps.enumerated() {
                #expect(try await simulated.play(events, seed: index == 0 ? seed : nil).played == events)
            }
            for (key, change) in try await simulated.everything() { told[key] = Self.lasting(change) }
        }
        return told
    }

    /// Without the moments of keying and of change, which are the clock's.
    private static func lasting(_ change: ERPChange) -> String {
        if case .order(var order) = change {
            order.changedAt = nil
            return "\(order)"
        }
        guard case .offlineOrder(var order) = change else { return "\(change)" }
        order.placedAt = .epoch
        return "\(order)"
    }

    @Test("the same seed plays the same events, in one step or in several; another seed others")
    func deterministic() async throws {
        let first = try await play([300], seed: 7)
        #expect(try await play([100, 200], seed: 7) == first)
        #expect(try await play([300], seed: 8) != first)
    }

    @Test("everything that can happen happens, is told, and keeps its contract")
    func kinds() async throws {
        try await SimulatedERP.with { simulated async throws in
            for number in 1...30 {
                _ = try await simulated.erp.submit(Fixture.order("\(number)", skus: ["FST-0014"], quantity: "9"))
            }
            var feeds = ERPChangeKind.allCases.map { Feed($0) }
            for index in feeds.indices { try await feeds[index].read(simulated.erp) }
            let progress = try await simulated.play(1_500, seed: 3)
            #expect(progress.kinds.count == 13, "\(progress.kinds)")
            #expect(progress.kinds.values.reduce(0, +) == 1_500)
            for index in feeds.indices {
                #expect(try await !feeds[index].read(simulated.erp).isEmpty)
                #expect(feeds[index].unreadable.isEmpty)
            }
            #expect(feeds[1].objects.count > 200 && feeds[2].objects.count == 3 * feeds[1].objects.count)
        }
    }

    @Test("a day is played at its speed, says how far it is, and can be ended")
    func day() async throws {
        try await SimulatedERP.with { simulated async throws in
            #expect(try await simulated.post("day", #"{"events":50,"seed":7,"speed":1000000}"#) == 202)
            try await eventually("the day is over") { try await !simulated.day().isPlaying }
            #expect(try await simulated.day().played == 50)
            #expect(try await simulated.post("day", #"{"events":1000000,"speed":1}"#) == 202)
            #expect(try await simulated.post("day", "{}") == 409)
            #expect(try await !simulated.day(.delete).isPlaying)
            #expect(try await simulated.post("day", #"{"events":1,"speed":1000000}"#) == 202)
        }
    }

    @Test(
        "a play that can not be read plays nothing",
        arguments: [
            "no", "[]", #"{"events":0}"#, #"{"events":1000001}"#, #"{"event":5}"#, #"{"events":"5"}"#, #"{"seed":-1}"#,
            #"{"speed":0}"#, #"{"speed":-1}"#,
        ])
    func unreadable(body: String) async throws {
        try await SimulatedERP.with { simulated async throws in
            #expect(try await simulated.post("play", body) == 400)
            #expect(try await simulated.post("day", body) == 400)
            #expect(try await !simulated.day().isPlaying)
        }
    }

    @Test("single objects are changed by naming what changes")
    func changes() async throws {
        try await SimulatedERP.with { simulated async throws in
            var (stock, products) = (Feed(.stock), Feed(.products))
            try await products.read(simulated.erp)
            let before = try #require(products.product("FST-0001"))
            let level = #"{"sku":"FST-0001","warehouse":"EAST","onHand":"-7.5","incoming":[]}"#
            #expect(try await simulated.post("changes/stock", level) == 200)
            try await stock.read(simulated.erp)
            #expect(stock.stock("FST-0001")?.onHand == Fixture.decimal("-7.5"))
            #expect(
                try await simulated.post("changes/products", #"{"sku":"FST-0001","active":false,"gtin":null}"#) == 200)
            try await products.read(simulated.erp)
            let after = try #require(products.product("FST-0001"))
            #expect(
                !after.isActive && after.gtin == nil && after.name == before.name && after.revision > before.revision)
        }
    }

    @Test("accounts and prices are changed the same way, and what breaks the interface can be told")
    func accountsAndPrices() async throws {
        try await SimulatedERP.with { simulated async throws in
            var (customers, prices) = (Feed(.customers), Feed(.prices))
            let hold = #"{"account":"C-10010","hold":{"code":"credit.hold","text":"Overdue."}}"#
            #expect(try await simulated.post("changes/customers", hold) == 200)
            #expect(try await simulated.post("changes/customers", #"{"account":"C-10011","active":"maybe"}"#) == 200)
            try await customers.read(simulated.erp)
            #expect(customers.customer("C-10010")?.hold?.text.isEmpty == false)
            #expect(customers.unreadable.map(\.key) == ["C-10011"])
            let list =
                #"{"priceList":"NEW","priceVersion":"1","currency":"USD","validFrom":"2026-01-01","prices":[]}"#
            #expect(try await simulated.post("changes/prices", list) == 200)
            try await prices.read(simulated.erp)
            #expect(prices.objects["price-list/NEW/1"] != nil && prices.unreadable.isEmpty)
        }
    }

    @Test("orders are treated as the account and the catalogue are now")
    func consequences() async throws {
        try await SimulatedERP.with { simulated async throws in
            #expect(await simulated.submit(Fixture.order("1", skus: ["NEW-1"]))?.code == "sku.unknown")
            let product = #"{"sku":"NEW-1","name":"New","unit":"C62","active":true}"#
            #expect(try await simulated.post("changes/products", product) == 200)
            #expect(try await simulated.erp.submit(Fixture.order("1", skus: ["NEW-1"])).state == .accepted)
            let hold = #"{"account":"C-10010","hold":{"code":"credit.hold","text":"Overdue."}}"#
            #expect(try await simulated.post("changes/customers", hold) == 200)
            #expect(try await simulated.erp.submit(Fixture.order("2")).state == .held)
            let credit = #"{"account":"C-10010","hold":null,"creditUsed":"999999999.00"}"#
            #expect(try await simulated.post("changes/customers", credit) == 200)
            #expect(try await simulated.erp.submit(Fixture.order("3")).reason?.code == "credit.exceeded")
            #expect(try await simulated.post("changes/customers", #"{"account":"C-10010","active":false}"#) == 200)
            #expect(await simulated.submit(Fixture.order("4"))?.code == "account.closed")
        }
    }

    @Test(
        "a change that names nothing changes nothing",
        arguments: [
            ("stock", #"{"sku":"FST-0001"}"#), ("stock", #"{"sku":"FST-0001","warehouse":"EAST","onHand":"many"}"#),
            ("products", "[]"), ("products", #"{"sku":1}"#), ("prices", #"{"priceVersion":"1"}"#), ("customers", "no"),
        ])
    func unreadableChange(kind: String, body: String) async throws {
        try await SimulatedERP.with { simulated async throws in
            #expect(try await simulated.post("changes/\(kind)", body) == 400)
            #expect(try await simulated.post("changes/orders", "{}") == 404)
        }
    }
}
