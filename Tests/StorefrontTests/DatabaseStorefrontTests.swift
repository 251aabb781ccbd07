import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@Suite struct DatabaseStorefrontTests {
    private let storefront = DatabaseStorefront()
    private let time = Timestamp.now()

    private func withLedger(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await DatabaseStorefront.migrate(ledger)
            try await body(ledger)
            await ledger.close()
        }
    }

    private func payload<Value>(_ type: MessageType, as _: Value.Type, at index: Int = 0) throws -> Value {
        let examples = Catalogue.examples(for: type)
        let example = try #require(examples.indices.contains(index) ? examples[index] : nil)
        return try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Value)
    }

    private func status(_ index: Int = 0) throws -> OrderStatus {
        try payload(Catalogue.orderStatus, as: OrderStatus.self, at: index)
    }

    private func offline() throws -> OfflineOrder { try payload(Catalogue.orderOffline, as: OfflineOrder.self) }

    private func show(_ status: OrderStatus, _ ledger: Ledger) async throws {
        try await ledger.write { [storefront, time] in try storefront.show(status, at: time, in: $0) }
    }

    private func show(_ order: OfflineOrder, _ ledger: Ledger) async throws {
        try await ledger.write { [storefront, time] in try storefront.show(order, at: time, in: $0) }
    }

    /// One text for each row.
    private func rows(_ ledger: Ledger, _ sql: String) async throws -> [String] {
        try await ledger.read { try $0.query(text: sql) { $0.text(0) } }
    }

    @Test("the ERP's answer to an order is a row, its lines and a state in its history")
    func online() async throws {
        try await withLedger { ledger in
            let status = try status()
            try await show(status, ledger)
            #expect(
                try await rows(
                    ledger, "SELECT number || origin || erp_number || state || answered_revision FROM store_order")
                    == ["W-1001onlineSO-48213accepted1"])
            #expect(
                try await rows(
                    ledger,
                    """
                    SELECT line_id || ' ' || sku || ' ' || status || ' ' || ordered || ' ' || promised_date
                    FROM store_order_line ORDER BY position
                    """) == ["1 BOLT-M8-40 accepted 250 2026-03-06", "2 CABLE-NYM-3X1.5 accepted 12.5 2026-03-06"])
            #expect(
                try await rows(ledger, "SELECT revision || state || at FROM store_order_history")
                    == ["1accepted\(time)"])
        }
    }

    @Test("a later revision replaces the row and its lines, and its state joins the history")
    func laterRevision() async throws {
        try await withLedger { ledger in
            try await show(try status(0), ledger)
            var later = try status(1)
            later.lines.removeFirst()
            try await show(later, ledger)
            #expect(
                try await rows(ledger, "SELECT state || ' ' || reason_code || ' ' || revision FROM store_order")
                    == ["held credit.hold 2"])
            #expect(
                try await rows(ledger, "SELECT line_id || ' ' || status || ' ' || substitute_sku FROM store_order_line")
                    == ["2 substituted CABLE-NYM-3X2.5"])
            #expect(
                try await rows(ledger, "SELECT state FROM store_order_history ORDER BY revision")
                    == ["accepted", "held"])
        }
    }

    @Test("a reason that no longer holds goes away, and a known ERP number stays")
    func clearing() async throws {
        try await withLedger { ledger in
            try await show(try status(1), ledger)
            var later = try status(0)
            later.revision = 3
            later.erpNumber = nil
            try await show(later, ledger)
            #expect(
                try await rows(ledger, "SELECT erp_number || ' ' || coalesce(reason_code, 'none') FROM store_order")
                    == ["SO-48213 none"])
        }
    }

    @Test("an order keyed in the ERP is shown with all it says")
    func offlineOrder() async throws {
        try await withLedger { ledger in
            var order = try offline()
            try await show(order, ledger)
            #expect(
                try await rows(
                    ledger,
                    """
                    SELECT number || ' ' || origin || ' ' || erp_number || ' ' || account || ' ' ||
                        purchase_order_number || ' ' || currency || ' ' || total || ' ' || state FROM store_order
                    """) == ["SO-48300 offline SO-48300 C-2044 PHONE-0301 USD 78.37 accepted"])
            #expect(
                try await rows(
                    ledger,
                    """
                    SELECT goods || ' ' || discount || ' ' || shipping || ' ' || tax || ' ' || ship_to_company || ' / ' ||
                        ship_to_name || ' / ' || ship_to_street || ' / ' || ship_to_city || ' / ' || ship_to_region ||
                        ' / ' || ship_to_postal_code || ' / ' || ship_to_country || ' ' || placed_at FROM store_order
                    """) == [
                        "59.88 0.00 12.50 5.99 Northwind Fabrication / Receiving Dock 4 / 2210 Harbor Avenue / Tacoma / "
                            + "WA / 98421 / US 2026-03-01T12:00:00.000000Z"
                    ])
            order.revision = 2
            order.state = .shipped
            order.lines.removeLast()
            order.lineStatuses.removeLast()
            try await show(order, ledger)
            #expect(try await rows(ledger, "SELECT state FROM store_order") == ["shipped"])
            #expect(try await rows(ledger, "SELECT line_id FROM store_order_line") == ["1"])
            #expect(
                try await rows(ledger, "SELECT state FROM store_order_history ORDER BY revision")
                    == ["accepted", "shipped"])
        }
    }

    @Test(
        "a held offline order shows every line with its price, its status and its reason, in the order's own sequence")
    func offlineLines() async throws {
        try await withLedger { ledger in
            var order = try offline()
            order.state = .held
            order.lineStatuses[1].status = .onHold
            order.lineStatuses[1].reason = OrderStatus.Reason(code: "credit.hold", text: "Over the limit.")
            order.lineStatuses.reverse()
            try await show(order, ledger)
            let lines = """
                SELECT line_id || ' ' || sku || ' ' || ordered || ' ' || unit || ' ' || unit_price || ' ' || amount || ' ' ||
                    coalesce(status, '-') || ' ' || coalesce(allocated, '-') || ' ' || coalesce(reason_code, '-') || ' ' ||
                    coalesce(reason, '-')
                FROM store_order_line ORDER BY position
                """
            #expect(
                try await rows(ledger, lines) == [
                    "1 BOLT-M8-40 250 C62 0.1835 45.88 accepted 250 - -",
                    "2 CABLE-NYM-3X1.5 12.5 MTR 1.12 14.00 on-hold 12.5 credit.hold Over the limit.",
                ])
            order.revision = 2
            order.lineStatuses.removeFirst()
            try await show(order, ledger)
            #expect(
                try await rows(ledger, lines) == [
                    "1 BOLT-M8-40 250 C62 0.1835 45.88 accepted 250 - -",
                    "2 CABLE-NYM-3X1.5 12.5 MTR 1.12 14.00 - - - -",
                ])
        }
    }

    @Test("tables of the first version keep their rows")
    func migration() async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            let end = try #require(DatabaseStorefront.schema.firstRange(of: "ALTER TABLE"))
            let first = String(DatabaseStorefront.schema[..<end.lowerBound])
            try await ledger.migrate(
                component: "storefront", [LedgerMigration(number: 1, name: "order tables", script: first)])
            _ = try await ledger.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO store_order_line VALUES ('1', 'online', 'a', 0, 'S', 'accepted', '2', '2', '0', '0', NULL,
                        NULL, NULL, NULL, 'why')
                    """
                ) { _ in }
            }
            try await DatabaseStorefront.migrate(ledger)
            let kept = "SELECT number || origin || line_id || sku || ordered || reason FROM store_order_line"
            #expect(try await rows(ledger, kept) == ["1onlineaS2why"])
            try await show(try status(), ledger)
            await ledger.close()
        }
    }

    @Test("rows of the second version stay as they are, and the next state brings what they lack")
    func secondMigration() async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            let schema = DatabaseStorefront.schema
            let end = try #require(schema.firstRange(of: "ALTER TABLE store_order ADD COLUMN contact"))
            let second = String(schema[..<end.lowerBound])
            try await ledger.migrate(
                component: "storefront",
                [
                    LedgerMigration(number: 1, name: "order tables", script: ""),
                    LedgerMigration(number: 2, name: "whole orders", script: second),
                ])
            _ = try await ledger.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO store_order (number, origin, account, state, revision, changed_at)
                    VALUES ('SO-1', 'offline', 'C-1', 'held', 1, '2026-03-01T12:00:00Z')
                    """)
            }
            try await DatabaseStorefront.migrate(ledger)
            let row = "SELECT account || ' ' || coalesce(reason_code || ' ' || bill_to_city, '-') FROM store_order"
            #expect(try await rows(ledger, row) == ["C-1 -"])
            try await show(try Unlike.offlineOrder(), ledger)
            #expect(try await rows(ledger, row) == ["C-1 credit.hold bill city"])
            await ledger.close()
        }
    }

    @Test("what an offline order no longer says goes from its row")
    func offlineClearing() async throws {
        try await withLedger { ledger in
            var order = try Unlike.offlineOrder()
            try await show(order, ledger)
            order.revision += 1
            order.state = .accepted
            (order.reason, order.billTo, order.contact, order.payment) = (nil, nil, nil, nil)
            try await show(order, ledger)
            #expect(
                try await rows(
                    ledger,
                    """
                    SELECT state || ' ' || revision || ' ' ||
                        coalesce(reason_code, reason, bill_to_city, contact_email, payment_method, 'none') FROM store_order
                    """) == ["accepted 12 none"])
        }
    }

    @Test("orders of store and ERP with the same number are two orders")
    func sameNumber() async throws {
        try await withLedger { ledger in
            var (status, order) = (try status(), try offline())
            status.number = "1001"
            order.number = "1001"
            order.lines.removeLast()
            order.lineStatuses.removeLast()
            try await show(status, ledger)
            try await show(order, ledger)
            #expect(
                try await rows(ledger, "SELECT origin || coalesce(account, '') FROM store_order ORDER BY origin")
                    == ["offlineC-2044", "online"])
            #expect(
                try await rows(ledger, "SELECT origin || line_id FROM store_order_line ORDER BY origin, line_id")
                    == ["offline1", "online1", "online2"])
            #expect(
                try await rows(ledger, "SELECT origin FROM store_order_history ORDER BY origin") == [
                    "offline", "online",
                ])
        }
    }

    @Test("hostile texts are stored as they are")
    func hostile() async throws {
        try await withLedger { ledger in
            var status = try status()
            status.number = "'; DROP TABLE store_order; --"
            status.reason = OrderStatus.Reason(code: "c", text: "line\nend \u{202E} \"quoted\" 👩‍👩‍👧‍👦")
            try await show(status, ledger)
            #expect(try await rows(ledger, "SELECT number FROM store_order") == [status.number])
            #expect(try await rows(ledger, "SELECT reason FROM store_order") == [status.reason?.text])
        }
    }

    @Test("migrating again changes nothing")
    func migrateTwice() async throws {
        try await withLedger { ledger in
            try await show(try status(), ledger)
            try await DatabaseStorefront.migrate(ledger)
            #expect(try await rows(ledger, "SELECT number FROM store_order") == ["W-1001"])
        }
    }
}
