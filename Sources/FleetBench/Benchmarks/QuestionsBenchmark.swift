internal import Ledger
internal import Models
internal import Storefront

/// What a store asks of its tables, on a million rows of stock: each of the documented questions, with other keys each time.
struct QuestionsBenchmark {
    let bench: Bench

    private static let skus = 333_334
    private static let warehouses = ["EAST", "NORTH", "WEST"]
    private static let accounts = 2_000
    private static let orders = 200_000

    func measure() async throws -> [Measurement] {
        let ledger = try Ledger.open(path: bench.file("questions.db"))
        try await DatabaseStorefront.migrate(ledger)
        Progress.say("questions: filling \(Self.skus * Self.warehouses.count) rows of stock")
        for statement in Self.fill { _ = try await ledger.write { try $0.execute(text: statement) } }
        var measurements: [Measurement] = []
        for (name, question) in Self.questions {
            let times = try await times(of: question, on: ledger)
            measurements.append(
                Measurement("question: \(name), median", times.percentile(0.5), "ms", bar: .atMost(1)))
        }
        await ledger.close()
        return measurements
    }

    /// Milliseconds of each of many runs.
    private func times(of question: String, on ledger: Ledger) async throws -> [Double] {
        let clock = ContinuousClock()
        var times: [Double] = []
        // A statement is given as many values as it numbers.
        let count = (1...3).last { question.contains("?\($0)") } ?? 0
        var answers = 0
        for run in 0..<2_000 {
            let sku = "SKU-\((run * 7_919) % Self.skus)"
            let (account, order) = ("C-\((run * 31) % Self.accounts)", "W-\((run * 577) % Self.orders)")
            let start = clock.now
            let rows = try await ledger.read { snapshot in
                try snapshot.query(
                    text: question, Array([.text(sku), .text(account), .text(order)].prefix(count))
                ) { $0.text(0) }
            }
            times.append((clock.now - start) / .milliseconds(1))
            answers += rows.isEmpty ? 0 : 1
        }
        guard answers > 0 else { throw BenchError.stuck("a question without an answer: \(question)") }
        return times
    }

    /// ?1 is a SKU, ?2 an account, ?3 an order.
    private static let questions = [
        (
            "may this account see and buy this SKU",
            "SELECT may_see FROM store_assortment WHERE account = ?2 AND sku = ?1"
        ),
        (
            "its price today for a quantity",
            """
            SELECT unit_price FROM store_account_price
            WHERE account = ?2 AND sku = ?1 AND minimum_micro <= 12000000 AND valid_from <= '2026-03-01'
                AND valid_until >= '2026-03-01'
            ORDER BY rank, valid_from DESC, price_version DESC, minimum_micro DESC LIMIT 1
            """
        ),
        (
            "what can be promised from which warehouse, and when there is more",
            """
            SELECT warehouse, promise_micro, next_receipt_date, lead_time_days FROM store_availability WHERE sku = ?1
            ORDER BY promise_micro DESC
            """
        ),
        (
            "an account's orders, online and offline, with shipments and links",
            """
            SELECT number, origin, state, shipment, tracking_number, link FROM store_order_tracking WHERE account = ?2
            ORDER BY placed_at DESC, number, origin, ship_date, shipment, position LIMIT 50
            """
        ),
        (
            "an order's shipments and links",
            "SELECT shipment FROM store_tracking WHERE number = ?3 AND origin = 'online' ORDER BY ship_date, shipment, position"
        ),
        (
            "may this account pay by purchase order now",
            "SELECT may_pay FROM store_purchase_order WHERE account = ?2"
        ),
    ]

    private static func numbers(_ count: Int) -> String {
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < \(count))"
    }

    /// Every fifth order was keyed in the ERP.
    private static let origin = "CASE WHEN i % 5 = 0 THEN 'offline' ELSE 'online' END"

    private static var fill: [String] {
        var statements = [
            """
            \(numbers(skus)) INSERT INTO store_product (sku, name, unit, list_price, currency, active, revision, changed_at)
            SELECT 'SKU-' || i, 'Product ' || i, 'C62', '9.00', 'USD', 1, 1, '' FROM n
            """,
            "\(numbers(skus)) INSERT INTO store_product_group (sku, product_group) SELECT 'SKU-' || i, 'G-' || (i % 40) FROM n",
            """
            \(numbers(accounts)) INSERT INTO store_customer (account, name, currency, purchase_order_allowed, credit_used,
                credit_left_micro, sees_everything, active, revision, changed_at)
            SELECT 'C-' || i, 'Company', 'USD', 1, '0', 1000000000, i % 2, 1, 1, '' FROM n
            """,
            "\(numbers(accounts * 5)) INSERT INTO store_customer_group SELECT 'C-' || (i / 5), 'G-' || (i % 40) FROM n",
            "\(numbers(accounts * 2)) INSERT INTO store_customer_price_list SELECT 'C-' || (i / 2), i % 2, 'L-' || (i % 50) FROM n",
            """
            \(numbers(50)) INSERT INTO store_price_version SELECT 'price-list', 'L-' || i, '2026', '', 'USD', '2026-01-01',
                '9999-12-31', 1, '' FROM n
            """,
            """
            \(numbers(50 * 20_000)) INSERT INTO store_price SELECT 'price-list', 'L-' || (i / 20000), 'SKU-' || (i % 20000),
                '2026', '', 0, '0', 'C62', '8.00' FROM n
            """,
            """
            \(numbers(orders)) INSERT INTO store_order (number, origin, account, placed_at, currency, state, revision,
                changed_at, owed_micro)
            SELECT 'W-' || i, \(origin), 'C-' || (i % \(accounts)), i, 'USD', 'accepted', 1, '',
                CASE WHEN i % 100 = 0 THEN 1000000 END FROM n
            """,
            """
            \(numbers(orders)) INSERT INTO store_shipment (id, number, origin, warehouse, state, carrier, ship_date, revision,
                changed_at)
            SELECT 'SH-' || i, 'W-' || i, \(origin), 'EAST', 'shipped', 'UPS', '2026-03-01', 1, '' FROM n
            """,
            "INSERT INTO store_carrier VALUES ('UPS', 'https://carrier.example/{number}')",
            "\(numbers(orders)) INSERT INTO store_parcel (shipment, position, tracking_number) SELECT 'SH-' || i, 0, '1Z' || i FROM n",
            """
            \(numbers(100_000)) INSERT INTO store_demand SELECT 'SKU-' || (i % \(skus)), 'EAST', 'W-' || i, '1', 'unanswered',
                1000000, 0 FROM n
            """,
        ]
        for warehouse in warehouses {
            statements.append(
                """
                \(numbers(skus)) INSERT INTO store_stock (sku, warehouse, unit, on_hand, reserved, available, available_micro,
                    revision, changed_at)
                SELECT 'SKU-' || i, '\(warehouse)', 'C62', '9', '0', '9', 9000000, 1, '' FROM n
                """)
        }
        return statements
    }
}
