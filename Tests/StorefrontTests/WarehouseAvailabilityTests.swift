import Ledger
import Models
import Storefront
import Testing

/// What a store may promise of which warehouse's stock.
@Suite struct WarehouseAvailabilityTests {
    @Test("where the ERP does not say from which warehouse it takes goods, it may be any, whichever the order prefers")
    func unnamedWarehouse() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("0", at: 1)
            try await desk.stock("1", in: "WEST", at: 1)
            try await desk.order("W-1", "1")
            try await desk.expect("EAST 0 WEST 0")
            try await desk.status("W-1", allocated: "1", from: nil, at: 5)
            try await desk.expect("EAST 0 WEST 0")
            try await desk.stock("1", reserved: "1", in: "WEST", revision: 2, at: 5)
            try await desk.expect("EAST 0 WEST 0")
            try await desk.stock("3", revision: 2, at: 6)
            try await desk.expect("EAST 3 WEST 0")
        }
    }

    @Test("what is held in one warehouse is not what is wanted of another")
    func otherWarehouse() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", reserved: "4", at: 1)
            try await desk.stock("10", in: "WEST", at: 1)
            try await desk.order("W-1", "4")
            try await desk.status("W-1", allocated: "4", at: 1)
            try await desk.order("W-1", "4", revision: 2, from: "WEST")
            try await desk.expect("EAST 6 WEST 6")
        }
    }

    @Test("what the ERP moves to another warehouse is kept there, and in the first no more")
    func moved() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", at: 1)
            try await desk.stock("3", in: "WEST", at: 1)
            try await desk.order("W-1", "4")
            try await desk.status("W-1", allocated: "4", at: 5)
            try await desk.expect("EAST 6 WEST 3")
            try await desk.status("W-1", allocated: "2", backordered: "2", from: "WEST", revision: 2, at: 6)
            try await desk.expect("EAST 10 WEST 1")
            #expect(try await desk.store.rows("SELECT warehouse FROM store_demand") == ["WEST"])
        }
    }

    @Test("what the ERP lets go again is no longer kept beside its stock")
    func letGo() async throws {
        try await StoreDesk.with { desk in
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
        try await StoreDesk.with { desk in
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

    @Test("what a warehouse has not, or nobody has heard of, counts at every other: the ERP may send from there")
    func elsewhere() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("3", at: 1)
            try await desk.stock("5", in: "WEST", at: 1)
            try await desk.order("W-1", "5")
            try await desk.expect("EAST 0 WEST 3")
            try await desk.order("W-2", "1", from: "XYZ")
            try await desk.expect("EAST 0 WEST 2")
            try await desk.order("W-3", "2", from: nil)
            try await desk.expect("EAST 0 WEST 0")
            // What the ERP says where it holds counts there alone.
            try await desk.status("W-1", allocated: "3", backordered: "2", at: 5)
            try await desk.expect("EAST 0 WEST 2")
        }
    }

    @Test("the safety buffer of the warehouse is kept back, or that of all others")
    func buffers() async throws {
        try await StoreDesk.with { desk in
            try await desk.stock("10", at: 1)
            try await desk.stock("10", in: "WEST", at: 1)
            let (two, one) = (try #require(ExactDecimal("2")), try #require(ExactDecimal("1")))
            try await desk.store.storefront.show(buffers: ["EAST": two, "*": one], in: desk.store.ledger)
            try await desk.expect("EAST 8 WEST 9")
            try await desk.store.storefront.show(buffers: [:], in: desk.store.ledger)
            try await desk.expect("EAST 10 WEST 10")
        }
    }
}
