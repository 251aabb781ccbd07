import Fleet
import FleetTesting
import Models
import Testing

@testable import QuotesWorker

@Suite("The settings of quotes")
struct QuoteSettingsTests {
    private static func settings(_ environment: [String: String]) throws -> QuoteSettings {
        try Configuration(file: nil, environment: environment).quotes
    }

    /// What is said to be wrong with a setting.
    private static func fault(_ variable: String, _ value: String) -> String {
        do throws(ConfigurationError) {
            _ = try Configuration(file: nil, environment: ["STEVEDORE_QUOTES_\(variable)": value])
            return "nothing"
        } catch {
            return error.description
        }
    }

    @Test("prices and stock are never estimated, and questions take a quarter of the calls, unless said otherwise")
    func standard() throws {
        let settings = try Self.settings([:])
        #expect(settings.policy[.price] == [.live, .cached] && settings.policy[.availability] == [.live, .cached])
        #expect(settings.policy[.tax] == [.live, .cached, .estimated])
        #expect(settings.patience == .seconds(2) && settings.erpCalls == 32)
        let few = try Self.settings(["STEVEDORE_WORKER_CALL_PREFETCH": "2"])
        #expect(few.erpCalls == 1)
        let chosen = try Self.settings([
            "STEVEDORE_QUOTES_ERP_CALLS": "5", "STEVEDORE_QUOTES_AVAILABILITY": "cached,live",
        ])
        #expect(chosen.erpCalls == 5 && chosen.policy[.availability] == [.cached, .live])
    }

    @Test(
        "what is wrong is named at its place",
        arguments: [
            ("PRICE", "live, estimated", "`quotes.price` is `estimated`"),
            ("TAX", "live, guessed", "`quotes.tax` is `guessed`"),
            ("DEFAULT_WEIGHT", "heavy", "`quotes.default-weight` is `heavy`"),
            ("SHIPPING_ZONES", "{west: [US/CA, Mars]}", "`quotes.shipping-zones.west`: `Mars` must be a place"),
            ("SHIPPING_ZONES", "{a: [US/CA], b: [us/ca]}", "`quotes.shipping-zones.b`: `us/ca` is there already"),
            ("TAX_RATES", "{US/WA: much}", "`quotes.tax-rates.US/WA`: is `much`, but must be a percentage"),
            ("TAX_RATES", "[6.5]", "`quotes.tax-rates`: must be places with a percentage"),
            ("SHIPPING_RATES", "{GROUND: {currency: USD}}", "`quotes.shipping-rates.GROUND.zones`: is missing"),
            (
                "SHIPPING_RATES", "{GROUND: {currency: XXX, zones: {}}}",
                "`quotes.shipping-rates.GROUND.currency`: must be a currency"
            ),
            (
                "SHIPPING_RATES", "{GROUND: {currency: USD, zones: {west: {base: 1}}}}",
                "`quotes.shipping-rates.GROUND.zones.west`: there is no such zone"
            ),
            (
                "SHIPPING_RATES",
                "{GROUND: {currency: USD, zones: {west: [{up-to: 5, base: 1}, {up-to: 5, base: 2}]}}}",
                "`quotes.shipping-rates.GROUND.zones.west[1].up-to`: must be above"
            ),
            (
                "SHIPPING_RATES", "{GROUND: {currency: USD, zones: {west: {base: -1}}}}",
                "`quotes.shipping-rates.GROUND.zones.west.base`: is `-1`"
            ),
            (
                "SHIPPING_RATES", "{GROUND: {currency: USD, zones: {west: {pr-kg: 1}}}}",
                "did you mean `per-kg`?"
            ),
        ])
    func wrong(variable: String, value: String, sentence: String) {
        let fault = Self.fault(variable, value)
        #expect(fault.contains(sentence), "\(fault)")
    }
}

@Suite("Estimates")
struct EstimateTests {
    private static func tax(_ region: String, _ postalCode: String, _ country: String = "US") throws -> String {
        let settings = try Configuration(
            file: nil,
            environment: [
                "STEVEDORE_QUOTES_TAX_RATES":
                    "{'*': 1, US: 2, US/WA: 3, US/WA/98: 4, US/WA/981: 5, DE//80: 6, DE/BY: 7, CA/ON/K1A: 8}"
            ]
        ).quotes
        let address = try Asked.address(region: region, postalCode: postalCode, country: country)
        return settings.taxRates[address]?.description ?? "none"
    }

    @Test("of several places that fit an address the one counts that says most")
    func places() throws {
        let answers = try [
            Self.tax("WA", "98104"), Self.tax("wa", "98421"), Self.tax("WA", "99001"), Self.tax("OR", "98104"),
            Self.tax("BY", "80331", "DE"), Self.tax("BY", "90402", "DE"), Self.tax("ON", "k1a 0b1", "CA"),
            Self.tax("", "", "FR"),
        ]
        #expect(answers == ["5", "4", "3", "2", "6", "7", "8", "1"])
    }

    private static func freight(_ kilograms: String, _ region: String, _ currency: Currency = .usd) throws -> [String] {
        let settings = try Configuration(
            file: nil,
            environment: [
                "STEVEDORE_QUOTES_SHIPPING_ZONES": "{near: [US/WA], far: [US]}",
                "STEVEDORE_QUOTES_SHIPPING_RATES": """
                {GROUND: {title: By road, currency: USD, zones: {near: {base: 7.95, per-kg: 0.22},
                  far: [{up-to: 5, base: 11.5}, {up-to: 70, base: 9, per-kg: 0.885}]}},
                 AIR: {currency: USD, zones: {far: {per-kg: 20}}}}
                """,
            ]
        ).quotes
        return settings.freight.options(
            for: try Asked.decimal(kilograms), to: try Asked.address(region: region), in: currency
        ).map { "\($0.method) \($0.title) \($0.amount)" }
    }

    @Test("freight is by zone and kilograms begun, and what is too heavy for every step is not sent that way")
    func freight() throws {
        let near = try Self.freight("2.001", "WA")
        #expect(near == ["GROUND By road 8.61"])
        let light = try Self.freight("5", "NY")
        #expect(light == ["GROUND By road 11.50", "AIR AIR 100.00"])
        let heavy = try Self.freight("5.5", "NY")
        #expect(heavy == ["GROUND By road 14.31", "AIR AIR 120.00"])
        let tooHeavy = try Self.freight("70.1", "NY")
        #expect(tooHeavy == ["AIR AIR 1420.00"])
        let elsewhere = try Self.freight("1", "NY", try #require(Currency("EUR")))
        #expect(elsewhere.isEmpty)
    }

    @Test("a rate of tax that was learned serves for goods of no greater worth")
    func learnedTax() throws {
        let fact = TaxFact(tax: try Asked.decimal("6.63"), goods: try Asked.decimal("100.00"), asOf: .epoch)
        let half = TaxReckoning.amount(on: try Asked.decimal("50"), like: fact, in: .usd)
        #expect(half == (try Asked.decimal("3.32")))
        #expect(TaxReckoning.amount(on: try Asked.decimal("100.01"), like: fact, in: .usd) == nil)
        let reckoned = TaxReckoning.amount(on: try Asked.decimal("8.00"), percent: try Asked.decimal("6.5"), in: .usd)
        #expect(reckoned == (try Asked.decimal("0.52")))
    }
}
