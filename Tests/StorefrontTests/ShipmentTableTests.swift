import Models
import Storefront
import Testing

@Suite struct ShipmentTableTests {
    /// A store that knows the order that the shipment belongs to.
    private func withOrder(_ body: (StoreFixture) async throws -> Void) async throws {
        try await StoreFixture.with { store in
            let status = try Unlike.orderStatus()
            try await store.show { try $0.show(status, at: .now(), in: $1) }
            try await body(store)
        }
    }

    private func show(_ shipment: Shipment, _ store: StoreFixture) async throws {
        try await store.show { try $0.show(shipment, at: .now(), in: $1) }
    }

    @Test("a shipment whose order the store does not know is an error that may pass")
    func unknownOrder() async throws {
        try await withOrder { store in
            let known = try Unlike.shipment()
            for order in [OrderReference.online("W-2"), .offline("W-1")] {
                var shipment = known
                shipment.order = order
                let stray = shipment
                let error = StorefrontError.orderUnknown(order)
                #expect(error.sentence.contains(order.number))
                await #expect(throws: error) { try await show(stray, store) }
            }
            #expect(try await store.rows("SELECT id FROM store_shipment").isEmpty)
        }
    }

    @Test("each parcel is a row with a link, if its carrier has a template; a later template changes earlier links")
    func links() async throws {
        try await withOrder { store in
            let shipment = try Unlike.shipment()
            try await show(shipment, store)
            let links = "SELECT tracking_number || ' ' || coalesce(link, '-') FROM store_tracking ORDER BY position"
            #expect(try await store.rows(links) == ["1Z 9/1 -", "1Z92 -"])
            let template = try #require(LinkTemplate("https://track.example/?n={number}&lang=en"))
            try await store.storefront.show(["UPS": template], in: store.ledger)
            #expect(
                try await store.rows(links) == [
                    "1Z 9/1 https://track.example/?n=1Z%209%2F1&lang=en",
                    "1Z92 https://track.example/?n=1Z92&lang=en",
                ])
            try await store.storefront.show([:], in: store.ledger)
            #expect(try await store.rows(links) == ["1Z 9/1 -", "1Z92 -"])
        }
    }

    @Test("an account's orders come with their parcels and links in one question, and without any as one row")
    func orders() async throws {
        try await withOrder { store in
            try await show(try Unlike.shipment(), store)
            let template = try #require(LinkTemplate("https://track.example/{number}"))
            try await store.storefront.show(["UPS": template], in: store.ledger)
            let number = try Unlike.orderStatus().number
            var order = try Unlike.order()
            for name in [number, "W-0"] {
                order.number = name
                let taken = order
                try await store.show { try $0.note(taken, isCancelled: false, at: .now(), in: $1) }
            }
            let found = try await store.rows(
                """
                SELECT number || ' ' || coalesce(shipment || ' ' || link, '-') FROM store_order_tracking
                WHERE account = '\(order.customer.account ?? "")' ORDER BY number DESC, position
                """)
            let shipment = try Unlike.shipment().id
            #expect(
                found == [
                    "\(number) \(shipment) https://track.example/1Z%209%2F1",
                    "\(number) \(shipment) https://track.example/1Z92", "W-0 -",
                ])
        }
    }

    @Test("a later revision leaves nothing of an earlier one, and a shipment without parcels is still a row")
    func laterRevision() async throws {
        try await withOrder { store in
            var shipment = try Unlike.shipment()
            try await show(shipment, store)
            (shipment.trackingNumbers, shipment.lines, shipment.state) = ([], [], .packed)
            try await show(shipment, store)
            let found = try await store.rows(
                """
                SELECT state || ' ' || coalesce(tracking_number, '-') || ' ' || (SELECT count(*) FROM store_shipment_line)
                FROM store_tracking
                """)
            #expect(found == ["packed - 0"])
        }
    }

    @Test(
        "a link template is an https address that sends every number to its own host",
        arguments: [
            ("https://www.ups.com/track?tracknum={number}", true), ("https://x.example/{number}/show#top", true),
            ("https://x.example:8443/{number}", true), ("http://x.example/{number}", false),
            ("https://x.example/", false), ("https://x.example/{number}{number}", false),
            ("https://{number}.example/", false), ("https://x.example{number}/", false),
            ("https://user@x.example/{number}", false), ("https:///{number}", false), ("https://x.example/{nr}", false),
            ("https://x.example/\"{number}", false), ("https://x.example/ {number}", false),
            ("javascript:alert({number})", false), ("HTTPS://x.example/{number}", false), ("", false),
        ])
    func templates(text: String, isOne: Bool) {
        #expect((LinkTemplate(text) != nil) == isOne)
    }
}
