import FleetTesting
import Ledger
import Testing

/// A deletion is no change that an ERP could tell: only reading everything shows it.
@Suite("What is deleted in the ERP", .serialized, .needsBroker, .timeLimit(.minutes(10)))
struct DeletionTests {
    /// Sold, in stock in the east and in the west, an account that may buy, and how many prices one version has.
    private static let questions = [
        "SELECT active FROM store_product WHERE sku = 'FST-0001'",
        "SELECT available_micro > 0 FROM store_stock WHERE sku = 'FST-0001' AND warehouse = 'EAST'",
        "SELECT available_micro > 0 FROM store_stock WHERE sku = 'FST-0001' AND warehouse = 'WEST'",
        "SELECT active FROM store_customer WHERE account = 'C-10002'",
        "SELECT count(*) > 0 FROM store_price WHERE holder = 'C-10002'",
        "SELECT may_see FROM store_assortment WHERE account = 'C-10002' AND sku = 'FST-0003'",
    ]

    private func withFeed(_ body: (Rig, [ChildProcess]) async throws -> Void) async throws {
        try await Rig.with(simulator: ["--catalogue", "200", "--accounts", "60", "--price-lists", "5"]) { rig in
            let programs = try ["inventory-worker", "customers-worker"].map { try rig.start($0) }
            let feed = try rig.start("erp-feed", Rig.quickFeed.merging(["FEED_FULL_READ": "1s"]) { $1 })
            try await body(rig, programs + [feed])
            for program in programs + [feed] { try await rig.stop(program) }
        }
    }

    private func answers(_ rig: Rig) async throws -> [Int64] {
        try await rig.ledger { snapshot in
            try Self.questions.map { question in
                try snapshot.query(text: question) { $0.integer(0) }.first ?? -1
            }
        }
    }

    private func wait(for expected: [Int64], _ rig: Rig) async throws {
        try await eventually(within: .seconds(90), "the store to answer \(expected)") {
            let found = try await answers(rig)
            guard found == expected else { throw RigError.unexpectedAnswer("\(found)") }
            return true
        }
    }

    @Test("is withdrawn from the store after two full reads without it, and shown again when it is there again")
    func withdrawn() async throws {
        try await withFeed { rig, _ in
            let company = rig.simulator
            try await company.control(
                "changes/prices",
                #"""
                {"account":"C-10002","priceVersion":"2026-X","currency":"USD","validFrom":"2026-01-01",
                "prices":[{"sku":"FST-0001","unit":"C62","price":"1.00"}]}
                """#)
            try await wait(for: [1, 1, 1, 1, 1, 1], rig)
            try await company.control("deletions/products", #"{"sku":"FST-0001"}"#)
            try await company.control("deletions/stock", #"{"sku":"FST-0001","warehouse":"EAST"}"#)
            try await company.control("deletions/customers", #"{"account":"C-10002"}"#)
            try await company.control("deletions/prices", #"{"account":"C-10002","priceVersion":"2026-X"}"#)
            try await wait(for: [0, 0, 1, 0, 0, 0], rig)
            // Told again to a store that may have lost it, and no more than that.
            let told = try #require(try await revision(rig))
            _ = try await feed(["resync", "products"], rig)
            try await eventually("the withdrawal once more") { try await revision(rig) == told + 1 }
            try await wait(for: [0, 0, 1, 0, 0, 0], rig)
            try await company.control(
                "changes/products", #"{"sku":"FST-0001","name":"Back again","unit":"C62","active":true}"#)
            try await company.control(
                "changes/stock", #"{"sku":"FST-0001","warehouse":"EAST","onHand":"5","reserved":"0"}"#)
            try await wait(for: [1, 1, 1, 0, 0, 0], rig)
            #expect(try await rig.allDeadLetters() == 0)
        }
    }

    @Test("is withdrawn only when a person agrees, if it is much", arguments: ["release", "discard"])
    func parked(decision: String) async throws {
        try await withFeed { rig, programs in
            try await wait(for: [1, 1, 1, 1, 0, 1], rig)
            try await eventually("every product") { try await active(rig) == 200 }
            let skus = try await rig.ledger {
                try $0.query("SELECT sku FROM store_product ORDER BY sku LIMIT 60") { $0.text(0) }
            }
            // So that no full read finds a part of them gone.
            try await rig.simulator.fault(#"{"kind":"down"}"#)
            for sku in skus { try await rig.simulator.control("deletions/products", #"{"sku":"\#(sku)"}"#) }
            try await rig.simulator.clearFaults()
            try await programs[2].waitForLine { $0.contains("batch parked") && $0.contains("products") }
            let list = try await feed(["parked"], rig)
            #expect(list.contains("60 of 200 are not listed any more (at most 20 %)"), "\(list)")
            let page = try await feed(["parked", "show", "1"], rig)
            #expect(page.contains("\(skus[0]): not listed any more") && page.contains("and 10 more"))
            #expect(try await active(rig) == 200)
            _ = try await feed(["parked", decision, "--stream", "products"], rig)
            if decision == "release" {
                try await eventually("the products to be withdrawn") { try await active(rig) == 140 }
            } else {
                try await rig.waitUntilEmpty("inventory.to-store")
                #expect(try await active(rig) == 200)
            }
            #expect(try await feed(["parked"], rig).contains("Nothing is parked"))
            // That is over: one alone needs nobody.
            let left = try await active(rig)
            let last = try await rig.ledger {
                try $0.first("SELECT max(sku) FROM store_product WHERE active") { $0.text(0) } ?? ""
            }
            try await rig.simulator.control("deletions/products", #"{"sku":"\#(last)"}"#)
            try await eventually("one more to be withdrawn") { try await active(rig) == left - 1 }
        }
    }

    @Test(
        "with a warehouse, is its stock: a person agrees that it is not sold, and it is again once the warehouse is back"
    )
    func warehouse() async throws {
        try await withFeed { rig, programs in
            try await eventually("all stock") { try await stockRows(rig) == 600 }
            let (west, east) = (try await sellable(in: "WEST", rig), try await sellable(in: "EAST", rig))
            #expect(west > 100 && east > 100)
            try await rig.simulator.fault(#"{"kind":"down"}"#)
            let all = "SELECT sku FROM store_stock WHERE warehouse = 'WEST'"
            for sku in try await rig.ledger({ try $0.query(text: all) { $0.text(0) } }) {
                try await rig.simulator.control("deletions/stock", #"{"sku":"\#(sku)","warehouse":"WEST"}"#)
            }
            try await rig.simulator.clearFaults()
            try await programs[2].waitForLine(within: .seconds(60)) {
                $0.contains("batch parked") && $0.contains("stock/WEST")
            }
            #expect(try await sellable(in: "WEST", rig) == west)
            _ = try await feed(["parked", "release", "--stream", "stock/WEST"], rig)
            try await eventually("nothing to be sold in the west") { try await sellable(in: "WEST", rig) == 0 }
            #expect(try await sellable(in: "EAST", rig) == east)
            try await rig.simulator.control(
                "changes/stock", #"{"sku":"FST-0001","warehouse":"WEST","onHand":"5","reserved":"0"}"#)
            try await eventually("what is there again") { try await sellable(in: "WEST", rig) == 1 }
            #expect(try await rig.allDeadLetters() == 0)
        }
    }

    private func stockRows(_ rig: Rig) async throws -> Int64? {
        try await rig.ledger { try $0.first("SELECT count(*) FROM store_stock") { $0.integer(0) } }
    }

    private func sellable(in warehouse: String, _ rig: Rig) async throws -> Int64 {
        try await rig.ledger {
            try $0.first(
                "SELECT count(*) FROM store_stock WHERE warehouse = ? AND available_micro > 0", .text(warehouse)
            ) { $0.integer(0) } ?? 0
        }
    }

    @Test("is looked at by a person when it is one object that holds much, and left alone when nothing sells it")
    func oneOfMany() async throws {
        try await withFeed { rig, programs in
            try await eventually("every product") { try await active(rig) == 200 }
            let company = rig.simulator
            try await company.control("changes/products", #"{"sku":"FST-0002","active":false}"#)
            try await eventually("what is not sold") { try await active(rig) == 199 }
            let before = try await product("FST-0002", rig)
            let part = try await priceList(rig)
            let names =
                #"{"priceList":"\#(part[0])","priceVersion":"\#(part[1])""#
                + (part[2].isEmpty ? "}" : #","part":"\#(part[2])"}"#)
            try await company.control("deletions/products", #"{"sku":"FST-0002"}"#)
            try await company.control("deletions/prices", names)
            try await programs[2].waitForLine { $0.contains("batch parked") && $0.contains("prices would be gone") }
            try await eventually("the product to be left out") { try await isGone("FST-0002", rig) }
            #expect(try await product("FST-0002", rig) == before)
            #expect(try await rig.allDeadLetters() == 0)
        }
    }

    /// A part of a price list with many prices.
    private func priceList(_ rig: Rig) async throws -> [String] {
        let found = try await eventually("a price list") {
            try await rig.ledger { snapshot in
                try snapshot.query(
                    """
                    SELECT holder, price_version, part FROM store_price WHERE holder_kind = 'price-list'
                    GROUP BY 1, 2, 3 HAVING count(*) >= 20 LIMIT 1
                    """
                ) { row in [row.text(0), row.text(1), row.text(2)] }.first
            }
        }
        return found
    }

    private func product(_ sku: String, _ rig: Rig) async throws -> String? {
        try await rig.ledger { snapshot in
            try snapshot.first(
                "SELECT revision || coalesce(description, '') FROM store_product WHERE sku = ?", .text(sku)
            ) { $0.text(0) }
        }
    }

    private func isGone(_ subject: String, _ rig: Rig) async throws -> Bool {
        try await rig.ledger { snapshot in
            try snapshot.first(
                "SELECT gone > 0 FROM feed_listed WHERE subject = ? AND stream = 'products'", .text(subject)
            ) {
                $0.integer(0)
            }
        } == 1
    }

    private func revision(_ rig: Rig) async throws -> Int64? {
        try await rig.ledger {
            try $0.first("SELECT revision FROM store_product WHERE sku = 'FST-0001'") { $0.integer(0) }
        }
    }

    private func active(_ rig: Rig) async throws -> Int64 {
        try await rig.ledger { try $0.first("SELECT total(active) FROM store_product") { $0.integer(0) } ?? 0 }
    }

    private func feed(_ arguments: [String], _ rig: Rig) async throws -> String {
        try await ChildProcess.run("erp-feed", arguments: arguments, environment: rig.workerEnvironment)
    }
}
