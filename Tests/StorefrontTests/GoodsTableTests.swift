import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@Suite struct GoodsTableTests {
    private let storefront = DatabaseStorefront()

    private func withLedger(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await DatabaseStorefront.migrate(ledger)
            try await body(ledger)
            await ledger.close()
        }
    }

    private func rows(_ ledger: Ledger, _ sql: String) async throws -> [String] {
        try await ledger.read { try $0.query(text: sql) { $0.text(0) } }
    }

    @Test("stock is a row for each warehouse, with what is left to sell and the next receipt")
    func stock() async throws {
        try await withLedger { ledger in
            let tacoma = try Unlike.stock()
            var dallas = tacoma
            dallas.warehouse = "DAL"
            dallas.onHand = try #require(ExactDecimal("-3.5"))
            dallas.incoming = []
            try await ledger.write { [storefront, dallas] in
                try storefront.show(tacoma, at: .now(), in: $0)
                try storefront.show(dallas, at: .now(), in: $0)
            }
            let found = try await rows(
                ledger,
                """
                SELECT warehouse || ' ' || on_hand || ' ' || available || ' ' || available_micro || ' '
                    || coalesce(next_receipt_date, '-') FROM store_stock ORDER BY warehouse
                """)
            #expect(found == ["DAL -3.5 0 0 -", "TAC 1200 950 950000000 2026-03-09"])
        }
    }

    @Test("a later revision leaves nothing of an earlier one")
    func laterRevision() async throws {
        try await withLedger { ledger in
            var product = try Unlike.product()
            var stock = try Unlike.stock()
            try await ledger.write { [storefront, product, stock] in
                try storefront.show(product, at: .now(), in: $0)
                try storefront.show(stock, at: .now(), in: $0)
            }
            (product.texts, product.attributes, product.groups, stock.incoming) = ([], [], [], [])
            product.isActive = false
            try await ledger.write { [storefront, product, stock] in
                try storefront.show(product, at: .now(), in: $0)
                try storefront.show(stock, at: .now(), in: $0)
            }
            let counts = try await rows(
                ledger,
                """
                SELECT (SELECT count(*) FROM store_product_text) || ' ' || (SELECT count(*) FROM store_product_attribute)
                    || ' ' || (SELECT count(*) FROM store_product_group) || ' ' || (SELECT count(*) FROM store_incoming)
                    || ' ' || (SELECT active FROM store_product)
                """)
            #expect(counts == ["0 0 0 0 0"])
        }
    }

    @Test("SKUs that differ in case only are two products")
    func upperAndLowerCase() async throws {
        try await withLedger { ledger in
            var product = try Unlike.product()
            for sku in ["ab-1", "AB-1"] {
                product.sku = sku
                try await ledger.write { [storefront, product] in try storefront.show(product, at: .now(), in: $0) }
            }
            #expect(try await rows(ledger, "SELECT sku FROM store_product ORDER BY sku") == ["AB-1", "ab-1"])
        }
    }
}
