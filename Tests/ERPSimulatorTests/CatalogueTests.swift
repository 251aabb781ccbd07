import ERP
import ERPSimulatorCore
import FleetTesting
import Models
import Testing

/// What the company has before its first order.
@Suite struct CatalogueTests {
    @Test(
        "everything can be read from the beginning, in pages, and keeps its contract", arguments: ERPChangeKind.allCases
    )
    func whole(kind: ERPChangeKind) async throws {
        try await SimulatedERP.with { simulated async throws in
            var feed = Feed(kind)
            try await feed.read(simulated.erp, limit: 50)
            #expect(feed.unreadable.isEmpty)
            #expect(feed.objects.count == Self.expected(kind))
            #expect(feed.remaining.last == 0)
            let counted = feed.remaining.indices.map { max(0, Self.expected(kind) - 50 * ($0 + 1)) }
            #expect(feed.remaining == counted)
            #expect(feed.times.count == feed.objects.count)
        }
    }

    private static func expected(_ kind: ERPChangeKind) -> Int {
        switch kind {
        case .orders, .shipments: 0
        case .products: 200
        case .stock: 600
        // Three families for each of four lists, next quarter's of the first as well, and four accounts' own.
        case .prices: 4 * 3 + 3 + 4
        case .customers: 40
        }
    }

    @Test("products have what a catalogue needs")
    func products() async throws {
        try await SimulatedERP.with { simulated async throws in
            var feed = Feed(.products)
            try await feed.read(simulated.erp)
            let bolt = try #require(feed.product("FST-0001"))
            #expect(bolt.listPrice?.amount == Fixture.decimal("4.00") && bolt.listPrice?.currency == .usd)
            #expect(bolt.attributes.map(\.name) == ["colour", "length", "width", "height"])
            #expect(bolt.attributes[1].unit?.code == "MMT" && bolt.weight?.unit.code == "KGM")
            #expect(bolt.gtin?.digits.utf8.count == 13 && bolt.taxClass == "STANDARD" && bolt.leadTimeDays != nil)
            #expect(bolt.groups.contains("fasteners") && bolt.texts.map(\.language) == ["de"])
            #expect(feed.product("FST-0018")?.quantityStep == Fixture.decimal("10"))
            #expect(feed.product("FST-0016")?.replacementSKU == "FST-0017")
        }
    }

    @Test("stock is as the well-known products say, and is asked for by warehouse")
    func stock() async throws {
        try await SimulatedERP.with { simulated async throws in
            #expect(try await simulated.erp.warehouses() == ["EAST", "NORTH", "WEST"])
            var (east, west) = (Feed(.stock, in: "EAST"), Feed(.stock, in: "WEST"))
            try await east.read(simulated.erp)
            try await west.read(simulated.erp)
            #expect(east.objects.count == 200 && west.objects.count == 200)
            #expect(east.stock("FST-0014")?.onHand == Fixture.decimal("5"))
            #expect(east.stock("FST-0008")?.onHand == .zero && east.stock("FST-0008")?.incoming.isEmpty == false)
            #expect(east.stock("FST-0012")?.onHand == .zero)
            #expect(west.stock("FST-0012", "WEST").map { $0.onHand > .zero } == true)
            #expect(east.stock("FST-0012", "WEST") == nil)
        }
    }

    @Test("an unknown warehouse, and a warehouse for what no warehouse divides, are refused")
    func refusedWarehouse() async throws {
        try await SimulatedERP.with { simulated async throws in
            for (kind, warehouse) in [(ERPChangeKind.stock, "MOON"), (.prices, "EAST")] {
                let error = await failure { () async throws(ERPError) in
                    try await simulated.erp.changes(of: kind, in: warehouse, since: nil, limit: 1)
                }
                #expect(error?.isUnavailable == true)
            }
        }
    }

    @Test("accounts are as the well-known ones say")
    func accounts() async throws {
        try await SimulatedERP.with { simulated async throws in
            var feed = Feed(.customers)
            try await feed.read(simulated.erp)
            #expect(feed.customer("C-10003")?.creditLeft?.isNegative == true)
            #expect(feed.customer("C-10004")?.hold?.code == "credit.hold")
            #expect(feed.customer("C-10005")?.isPurchaseOrderAllowed == false)
            #expect(feed.customer("C-10007")?.isActive == false)
            let good = try #require(feed.customer("C-10010"))
            #expect(good.hold == nil && good.isActive && good.creditLeft.map { $0 > .zero } == true)
            #expect(good.terms != nil && good.priceLists == ["PL-02", "PL-03"] && good.assortment == nil)
            #expect(feed.customer("C-10008")?.assortment?.skus == ["GLV-01-M"])
        }
    }

    @Test("prices have versions, days, parts and breaks; some accounts have their own")
    func prices() async throws {
        let options = SimulatorOptions(
            masterData: MasterData(productsPerFamily: 150, priceLists: 6), today: CalendarDate("2026-05-12"))
        try await SimulatedERP.with(options) { simulated in
            var feed = Feed(.prices)
            try await feed.read(simulated.erp)
            #expect(feed.unreadable.isEmpty)
            let first = feed.prices.filter { $0.holder.key == "PL-01" }
            #expect(Set(first.map(\.priceVersion)) == ["2026-Q2", "2026-Q3"])
            let now = first.filter { $0.priceVersion.hasSuffix("Q2") }
            #expect(Set(now.compactMap(\.part)) == ["FST-1", "FST-2", "ELC-1", "ELC-2", "HND-1", "HND-2"])
            #expect(now.allSatisfy { $0.validFrom.description == "2026-04-01" })
            #expect(now.allSatisfy { $0.validUntil?.description == "2026-06-30" })
            #expect(now.contains { $0.prices.contains { $0.minimumQuantity != nil } })
            let own = feed.prices.filter { $0.holder.kind.count == "account".count }
            #expect(Set(own.map(\.holder.key)) == ["C-10010", "C-10020", "C-10030", "C-10040"])
        }
    }

    @Test("the same size and seed make the same company, another seed another one")
    func seed() async throws {
        var all: [[String: ERPChange]] = []
        for seed: UInt64 in [7, 7, 8] {
            let masterData = MasterData(accounts: 10, productsPerFamily: 2, priceLists: 2, seed: seed)
            let options = SimulatorOptions(masterData: masterData, today: CalendarDate("2026-05-12"))
            try await SimulatedERP.with(options) { all.append(try await $0.everything()) }
        }
        let (first, second) = (all[0], all[1])
        // 56 products, in three warehouses each, 10 accounts and 10 parts of price lists.
        #expect(first.count == 244 && first.keys == second.keys)
        for (key, change) in first { #expect(second[key] == change) }
        #expect(all[0].keys == all[2].keys && all[0] != all[2])
    }

    @Test("a catalogue has as many SKUs as asked for, and no size is too small", arguments: [-1, 0, 41, 100, 20_000])
    func size(catalogue: Int) async throws {
        let products = MasterData.productsPerFamily(catalogue: catalogue)
        #expect(products * 8 + 40 >= catalogue && products * 8 + 40 < max(catalogue, 40) + 8)
        guard catalogue < 1_000 else { return }
        let masterData = MasterData(accounts: catalogue, productsPerFamily: products, priceLists: min(catalogue, 3))
        try await SimulatedERP.with(SimulatorOptions(masterData: masterData)) { simulated async throws in
            #expect(try await simulated.play(40, seed: 1).played == 40)
            #expect(try await simulated.erp.changes(of: .products, since: nil, limit: 1_000).changes.count >= 40)
        }
    }

    @Test("reopened books keep what became of them, and grow with the company")
    func reopened() async throws {
        try await TemporaryDirectory.with { directory in
            func options(_ products: Int) -> SimulatorOptions {
                SimulatorOptions(
                    database: directory.file("erp.sqlite"), masterData: MasterData(productsPerFamily: products))
            }
            var cursor: String?
            try await SimulatedERP.with(options(2)) { simulated async throws in
                #expect(try await simulated.post("changes/products", #"{"sku":"FST-0001","name":"Renamed"}"#) == 200)
                var feed = Feed(.products)
                #expect(try await feed.read(simulated.erp).count == 56)
                cursor = feed.cursor
            }
            try await SimulatedERP.with(options(3)) { simulated async throws in
                var feed = Feed(.products)
                feed.cursor = cursor
                #expect(try await feed.read(simulated.erp).count == 8)
                feed.cursor = nil
                try await feed.read(simulated.erp)
                #expect(feed.objects.count == 64 && feed.product("FST-0001")?.name.hasPrefix("Renamed") == true)
            }
        }
    }

    @Test("a page of large parts ends before it is too long for an answer, and says that more follows")
    func bounded() async throws {
        let options = SimulatorOptions(masterData: MasterData(accounts: 0, productsPerFamily: 100, priceLists: 50))
        try await SimulatedERP.with(options) { simulated in
            var feed = Feed(.prices)
            try await feed.read(simulated.erp, limit: 1_000)
            #expect(feed.pages > 1 && feed.unreadable.isEmpty)
            #expect(feed.objects.count == 3 * (50 + 10))
        }
    }
}
