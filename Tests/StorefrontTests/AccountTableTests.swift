import Models
import Storefront
import Testing

/// What a store asks of an account.
@Suite struct AccountTableTests {
    private func decimal(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }
    private func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

    private func show(_ customer: Customer, _ store: StoreFixture) async throws {
        try await store.show { try $0.show(customer, at: .now(), in: $1) }
    }

    private func show(_ prices: ContractPrices, _ store: StoreFixture) async throws {
        try await store.show { try $0.show(prices, at: .now(), in: $1) }
    }

    private func customer() throws -> Customer {
        Customer(
            account: "C-1", revision: 1, name: "Northwind", currency: .usd, isPurchaseOrderAllowed: true,
            creditLimit: try decimal("100.00"), creditUsed: try decimal("60.00"), priceLists: ["WEST", "ALL"],
            isActive: true)
    }

    // MARK: - May this account see and buy this SKU?

    private func product(_ sku: String, groups: [String], isActive: Bool = true) throws -> Product {
        var product = try Unlike.product()
        (product.sku, product.groups, product.isActive) = (sku, groups, isActive)
        product.listPrice = Price(amount: try decimal("9.00"), currency: .usd)
        return product
    }

    private func assortment(_ customer: Customer) async throws -> [String] {
        let products = [
            try product("in-group", groups: ["bolts", "sale"]), try product("named", groups: []),
            try product("excluded", groups: ["bolts"]), try product("both", groups: ["bolts"]),
            try product("other", groups: ["cables"]), try product("gone", groups: ["bolts"], isActive: false),
        ]
        var found: [String] = []
        try await StoreFixture.with { store in
            try await store.show { storefront, transaction in
                for product in products { try storefront.show(product, at: .now(), in: transaction) }
                try storefront.show(customer, at: .now(), in: transaction)
            }
            found = try await store.rows(
                """
                SELECT sku || CASE WHEN may_buy THEN '' ELSE ' (not to buy)' END FROM store_assortment
                WHERE account = 'C-1' AND may_see ORDER BY sku
                """)
        }
        return found
    }

    @Test("an account without an assortment sees all that is sold")
    func wholeAssortment() async throws {
        #expect(try await assortment(customer()) == ["both", "excluded", "in-group", "named", "other"])
    }

    @Test("an account sees the products of its groups and those named, without those left out")
    func partOfTheAssortment() async throws {
        var customer = try customer()
        customer.assortment = Assortment(
            groups: ["bolts"], skus: ["named", "both", "gone"], excludedSKUs: ["excluded", "both"])
        #expect(try await assortment(customer) == ["in-group", "named"])
        customer.assortment = Assortment()
        #expect(try await assortment(customer) == [])
    }

    @Test("an account that is not active sees, and buys nothing")
    func inactive() async throws {
        var customer = try customer()
        customer.isActive = false
        customer.assortment = Assortment(skus: ["named"])
        #expect(try await assortment(customer) == ["named (not to buy)"])
    }

    // MARK: - At what price?

    private func prices(
        _ holder: PriceHolder, _ version: String, from: String, until: String? = nil, currency: Currency = .usd,
        _ prices: [(quantity: String?, price: String)]
    ) throws -> ContractPrices {
        ContractPrices(
            holder: holder, priceVersion: version, revision: 1, currency: currency, validFrom: try date(from),
            validUntil: try until.map(date),
            prices: try prices.map { quantity, price in
                ContractPrice(
                    sku: "S-1", minimumQuantity: try quantity.map(decimal), unit: .one, unitPrice: try decimal(price))
            })
    }

    /// The documented question.
    private static func question(_ quantity: Int, on day: String) -> String {
        """
        SELECT unit_price || ' ' || coalesce(price_version, source) FROM store_account_price
        WHERE account = 'C-1' AND sku = 'S-1' AND minimum_micro <= \(quantity) * 1000000
            AND valid_from <= '\(day)' AND valid_until >= '\(day)'
        ORDER BY rank, valid_from DESC, price_version DESC, minimum_micro DESC LIMIT 1
        """
    }

    /// Asks which price holds for a quantity on a day.
    struct PriceDesk {
        let store: StoreFixture

        func expect(
            _ price: String, for quantity: Int, on day: String, at place: SourceLocation = #_sourceLocation
        ) async throws {
            let found = try await store.rows(question(quantity, on: day))
            #expect(found == [price], sourceLocation: place)
        }
    }

    private func withPrices(
        _ sheets: [ContractPrices], _ body: (PriceDesk) async throws -> Void
    ) async throws {
        try await StoreFixture.with { store in
            for sheet in sheets { try await show(sheet, store) }
            try await show(customer(), store)
            let product = try product("S-1", groups: [])
            try await store.show { try $0.show(product, at: .now(), in: $1) }
            try await body(PriceDesk(store: store))
        }
    }

    @Test("the break for the quantity counts, and the version that is valid that day, to its last day")
    func breaksAndDates() async throws {
        let sheets = [
            try prices(
                .account("C-1"), "Q1", from: "2026-01-01", until: "2026-03-31", [(nil, "5.00"), ("10.5", "4.00")]),
            try prices(.account("C-1"), "Q2", from: "2026-04-01", until: "2026-06-30", [(nil, "6.00")]),
        ]
        try await withPrices(sheets) { price in
            try await price.expect("5.00 Q1", for: 10, on: "2026-03-31")
            try await price.expect("4.00 Q1", for: 11, on: "2026-01-01")
            try await price.expect("6.00 Q2", for: 11, on: "2026-04-01")
            try await price.expect("9.00 list-price", for: 1, on: "2026-07-01")
            try await price.expect("9.00 list-price", for: 1, on: "2025-12-31")
        }
    }

    @Test("where dates overlap, the version that began later counts, and of those the one with the greater name")
    func overlapping() async throws {
        let sheets = [
            try prices(.account("C-1"), "year", from: "2026-01-01", [(nil, "5.00"), ("100", "3.00")]),
            try prices(.account("C-1"), "promo", from: "2026-03-01", until: "2026-03-31", [(nil, "4.50")]),
            try prices(.account("C-1"), "promo-b", from: "2026-03-01", until: "2026-03-31", [(nil, "4.40")]),
        ]
        try await withPrices(sheets) { price in
            try await price.expect("4.40 promo-b", for: 200, on: "2026-03-15")
            try await price.expect("3.00 year", for: 200, on: "2026-04-01")
        }
    }

    @Test("an account's own price comes before its lists', in their order, and the product's list price is last")
    func sources() async throws {
        let all = try prices(.priceList("ALL"), "A", from: "2026-01-01", [(nil, "7.00")])
        let west = try prices(.priceList("WEST"), "W", from: "2025-01-01", [("5", "6.00")])
        let foreign = try prices(.priceList("EAST"), "E", from: "2026-01-01", [(nil, "0.01")])
        try await withPrices([all, west, foreign]) { price in
            try await price.expect("7.00 A", for: 4, on: "2026-02-01")
            try await price.expect("6.00 W", for: 5, on: "2026-02-01")
        }
        let own = try prices(.account("C-1"), "own", from: "2024-01-01", [("5", "8.00")])
        try await withPrices([all, west, own]) { price in
            try await price.expect("8.00 own", for: 5, on: "2026-02-01")
        }
    }

    @Test("prices in another currency than the account's are refused, or never used when the account comes later")
    func currencies() async throws {
        let euro = try #require(Currency("EUR"))
        let sheet = try prices(.account("C-1"), "EU", from: "2026-01-01", currency: euro, [(nil, "1.00")])
        let list = try prices(.priceList("WEST"), "W", from: "2026-01-01", currency: euro, [(nil, "1.00")])
        try await withPrices([sheet, list]) { price in
            try await price.expect("9.00 list-price", for: 1, on: "2026-02-01")
        }
        try await StoreFixture.with { store in
            try await show(customer(), store)
            let error = StorefrontError.currencyDiffers(account: "C-1", currency: .usd)
            await #expect(throws: error) { try await show(sheet, store) }
            #expect(try await store.rows("SELECT sku FROM store_price").isEmpty)
        }
    }

    @Test("a version that is restated leaves nothing of before, and its other parts as they are")
    func parts() async throws {
        var (first, second) = (
            try prices(.account("C-1"), "Q1", from: "2026-01-01", [(nil, "5.00"), ("10", "4.00")]),
            try prices(.account("C-1"), "Q1", from: "2026-01-01", [("20", "3.00")])
        )
        (first.part, second.part) = ("1", "2")
        try await withPrices([first, second]) { price in
            try await price.expect("3.00 Q1", for: 20, on: "2026-02-01")
        }
        var withdrawn = first
        withdrawn.prices = []
        try await withPrices([first, second, withdrawn]) { price in
            try await price.expect("9.00 list-price", for: 19, on: "2026-02-01")
            try await price.expect("3.00 Q1", for: 20, on: "2026-02-01")
        }
    }

    // MARK: - May it pay by purchase order?

    @Test(
        "an account pays by purchase order when it may, is not on hold, and has the credit left",
        arguments: [
            ("as it is", 40, "yes"), ("as it is", 41, "no"), ("no limit", 1_000_000, "yes"),
            ("on hold", 1, "no credit.overdue Overdue."), ("not allowed", 1, "no purchase-order.not-allowed"),
            ("inactive", 1, "no account.inactive"), ("over its limit", 0, "no"),
            ("on hold, not allowed", 1, "no purchase-order.not-allowed"),
            ("on hold, inactive", 1, "no account.inactive"),
        ])
    func purchaseOrders(change: String, amount: Int, expected: String) async throws {
        var customer = try customer()
        if change.contains("no limit") { customer.creditLimit = nil }
        if change.contains("on hold") { customer.hold = .init(code: "credit.overdue", text: "Overdue.") }
        if change.contains("not allowed") { customer.isPurchaseOrderAllowed = false }
        if change.contains("inactive") { customer.isActive = false }
        if change.contains("over its limit") { customer.creditUsed = try decimal("100.01") }
        try await StoreFixture.with { store in
            try await show(customer, store)
            let found = try await store.rows(
                """
                SELECT iif(may_pay AND (credit_left_micro IS NULL OR credit_left_micro >= \(amount) * 1000000), 'yes', 'no')
                    || coalesce(' ' || reason_code, '') || coalesce(' ' || reason, '') FROM store_purchase_order WHERE account = 'C-1'
                """)
            #expect(found == [expected])
        }
    }

    // MARK: - How fast

    @Test(
        "each question is answered through keys and indexes, without going through a table",
        arguments: [
            question(5, on: "2026-03-01"),
            "SELECT may_see, may_buy FROM store_assortment WHERE account = 'C-1' AND sku = 'S-1'",
            "SELECT * FROM store_purchase_order WHERE account = 'C-1'",
            "SELECT * FROM store_availability WHERE sku = 'S-1'",
            "SELECT * FROM store_order WHERE account = 'C-1' ORDER BY placed_at DESC LIMIT 50",
            "SELECT * FROM store_availability WHERE sku = 'S-1' AND warehouse = 'EAST'",
            """
            SELECT * FROM store_order_tracking WHERE account = 'C-1'
            ORDER BY placed_at DESC, number, origin, ship_date, shipment, position LIMIT 50
            """,
            "SELECT * FROM store_tracking WHERE number = 'W-1' AND origin = 'online' ORDER BY ship_date, shipment, position",
            "SELECT * FROM store_tracking WHERE tracking_number = '1Z'",
            "SELECT account FROM store_customer_contact WHERE email = 'ana@example.com'",
        ])
    func plans(question: String) async throws {
        try await StoreFixture.with { store in
            let steps = try await store.plan(question)
            // The few rows that the price view found are looked at once more, to be put in order, and so are the sums of what
            // is wanted of a product's other warehouses.
            #expect(
                steps.filter { $0.hasPrefix("SCAN") && !["SCAN store_account_price", "SCAN e"].contains($0) } == [])
            // Of the account, and of its lists.
            let searches = question.contains("store_account_price") ? 2 : 0
            #expect(Self.priceSearches(steps) == searches, "\(steps)")
        }
    }

    private static func priceSearches(_ steps: [String]) -> Int {
        steps.count { $0 == "SEARCH p USING PRIMARY KEY (holder_kind=? AND holder=? AND sku=?)" }
    }
}
