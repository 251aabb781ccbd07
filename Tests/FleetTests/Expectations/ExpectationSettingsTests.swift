import FleetTesting
import Models
import Testing

@testable import Fleet

@Suite struct ExpectationSettingsTests: ConfigurationFixture {
    private static let whole = """
        expectations:
          order-answered:
            after: [order.placed.v1, order.amended.v1, order.cancelled.v1]
            expect: order.status.v1
            within: 15m
          order-tracked: {after: order.status.v1, when: shipped, expect: shipment.v1, within: 2h, severity: warning}
          offline-tracked: {after: order.offline.v1, expect: shipment.v1, within: 2h, while: always}
          prices-heartbeat: {heartbeat: contract-prices.v1, every: 24h}
          stock-read: {heartbeat: feed.stock, every: 10m}
        """

    private func read(one text: String) async throws -> [String] {
        try await faults(yaml: "expectations:\n  one: \(text)\n").map(\.description)
    }

    @Test("every kind is read, with its defaults")
    func whole() async throws {
        let found = try await read(yaml: Self.whole).expectations
        let names = ["order-answered", "order-tracked", "offline-tracked", "prices-heartbeat", "stock-read"]
        #expect(found.map(\.name) == names)
        try #require(found.count == names.count)
        let orders: Set = ["order.placed.v1", "order.amended.v1", "order.cancelled.v1"]
        #expect(
            found.first
                == Fleet.Expectation(name: "order-answered", kind: .answer(after: orders), within: .seconds(900)))
        #expect(found[1].kind == .shipments(after: ["order.status.v1"], when: [.shipped]))
        #expect(found[1].severity == .warning && found[1].condition == .erp)
        #expect(found[2].kind == .shipments(after: ["order.offline.v1"], when: [.shipped, .partiallyShipped]))
        #expect(found[2].condition == .always)
        #expect(found[3].kind == .message("contract-prices.v1") && found[3].within == .seconds(86_400))
        #expect(found[4].kind == .feed("stock"))
    }

    @Test("nothing is expected unless it is declared", arguments: ["", "expectations:\n", "expectations: {}\n"])
    func nothing(yaml: String) async throws {
        #expect(try await read(yaml: yaml).expectations.isEmpty)
    }

    @Test("the environment takes the same YAML in one text")
    func environment() async throws {
        let variable = ["STEVEDORE_EXPECTATIONS": "{prices: {heartbeat: feed.prices, every: 1h}}"]
        let found = try await read(yaml: Self.whole, variable).expectations
        #expect(found == [Fleet.Expectation(name: "prices", kind: .feed("prices"), within: .seconds(3_600))])
    }

    @Test(
        "a fault is named at its place",
        arguments: [
            ("{after: order.placed.v1, expect: order.status.v1}", "expectations.one.within"),
            ("{after: order.placed.v1, expect: order.status.v1, within: soon}", "expectations.one.within"),
            ("{after: order.placed.v1, expect: order.status.v1, within: 0s}", "expectations.one.within"),
            ("{expect: order.status.v1, within: 1m}", "expectations.one.after"),
            ("{after: [], expect: order.status.v1, within: 1m}", "expectations.one.after"),
            ("{after: order.placed.v1, within: 1m}", "expectations.one.expect"),
            ("{heartbeat: product.v1}", "expectations.one.every"),
            ("{every: 1h}", "expectations.one.heartbeat"),
            ("{heartbeat: product.v1, every: 1h, after: order.placed.v1}", "expectations.one.after"),
            ("{heartbeat: [product.v1, stock.v1], every: 1h}", "expectations.one.heartbeat"),
            ("{heartbeat: product.v1, every: 1h, severity: bad}", "expectations.one.severity"),
            ("{heartbeat: product.v1, every: 1h, while: never}", "expectations.one.while"),
            (
                "{after: order.placed.v1, expect: order.status.v1, within: 1m, when: shipped}",
                "expectations.one.when"
            ),
            (
                "{after: order.status.v1, expect: shipment.v1, within: 1m, when: [gone]}", "expectations.one.when"
            ),
            ("[a]", "expectations.one"),
        ])
    func places(text: String, place: String) async throws {
        let faults = try await read(one: text)
        #expect(faults.count == 1)
        #expect(faults.first?.contains("`\(place)`") == true, "\(faults)")
    }

    @Test(
        "what is misspelt is suggested",
        arguments: [
            ("{after: order.placd.v1, expect: order.status.v1, within: 1m}", "did you mean `order.placed.v1`?"),
            ("{after: order.status.v1, expect: shipmet.v1, within: 1m}", "did you mean `shipment.v1`?"),
            ("{heartbeat: feed.price, every: 1h}", "did you mean `feed.prices`?"),
            ("{heartbeat: product.v1, every: 1h, severty: error}", "did you mean `severity`?"),
            ("{after: order.status.v1, expect: shipment.v1, within: 1m, when: [shiped]}", "did you mean `shipped`?"),
        ])
    func misspelt(text: String, suggestion: String) async throws {
        let faults = try await read(one: text)
        #expect(faults.count == 1)
        #expect(faults.first?.contains(suggestion) == true, "\(faults)")
    }

    @Test("a state before goods leave can be waited from, one in which nothing leaves any more cannot")
    func states() async throws {
        let pair = "after: order.status.v1, expect: shipment.v1, within: 72h"
        let found = try await read(yaml: "expectations: {one: {\(pair), when: accepted}}").expectations
        #expect(found.map(\.kind) == [.shipments(after: ["order.status.v1"], when: [.accepted])])
        let faults = try await read(one: "{\(pair), when: [accepted, cancelled]}")
        #expect(faults.count == 1)
        let sentence =
            "nothing leaves of an order that is `cancelled`: there are received, accepted, held, partially-shipped, "
            + "shipped"
        #expect(faults.first?.contains(sentence) == true, "\(faults)")
    }

    @Test("of a pair that nothing relates it is said which pairs there are")
    func unrelated() async throws {
        let faults = try await read(one: "{after: product.v1, expect: order.status.v1, within: 1m}")
        #expect(faults.count == 1)
        #expect(faults.first?.contains("shipment.v1 after order.status.v1 or order.offline.v1") == true, "\(faults)")
    }

    @Test("all faults come at once")
    func together() async throws {
        let yaml = """
            expectations:
              Bad Name: {heartbeat: product.v1, every: 1h}
              a: {heartbeat: produkt.v1, every: never, severity: bad}
              b: {after: order.placed.v1, expect: shipment.v1, within: 5}
            """
        #expect(try await faults(yaml: yaml).count == 6)
    }

    @Test("shipments cannot be expected where posts alone tell of them")
    func withoutTables() async throws {
        let yaml = """
            storefront:
              adapters: webhook
              webhook: {url: "https://store.example/hooks", allowed-hosts: store.example}
            expectations:
              one: {after: order.status.v1, expect: shipment.v1, within: 1m}
              two: {after: order.placed.v1, expect: order.status.v1, within: 1m}
            """
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let faults = try await faults(yaml: yaml, ["STEVEDORE_STOREFRONT_WEBHOOK_SECRET": secret])
        #expect(faults.count == 1)
        #expect(faults.first?.description.contains("`expectations.one.expect`") == true, "\(faults)")
    }
}
