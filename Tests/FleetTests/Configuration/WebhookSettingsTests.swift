import FleetTesting
import Storefront
import Testing

@testable import Fleet

@Suite("Settings of a webhook")
struct WebhookSettingsTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private static let good = [
        "STOREFRONT_ADAPTERS": "database, webhook", "STOREFRONT_WEBHOOK_URL": "https://store.example/hooks",
        "STOREFRONT_WEBHOOK_SECRET": "\(secret),whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "STOREFRONT_WEBHOOK_ALLOWED_HOSTS": "store.example",
    ]

    private func environment(_ changes: [String: String]) -> [String: String] {
        Dictionary(Self.good.merging(changes) { $1 }.map { ("STEVEDORE_" + $0.key, $0.value) }) { $1 }
    }

    private func faults(_ changes: [String: String]) -> [String] {
        do throws(ConfigurationError) {
            _ = try Configuration(file: nil, environment: environment(changes))
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test("without settings the store is shown tables, and nothing is posted")
    func standard() throws {
        let configuration = try Configuration(file: nil, environment: [:])
        #expect(configuration.storefrontAdapters == [.database] && configuration.webhook == nil)
    }

    @Test("both adapters, and two secrets while the store changes over")
    func both() throws {
        let configuration = try Configuration(file: nil, environment: environment([:]))
        #expect(configuration.storefrontAdapters == [.database, .webhook])
        #expect(configuration.webhook?.secrets.count == 2)
        #expect(configuration.webhook?.url.host == "store.example")
    }

    @Test(
        "what is wrong or missing is named with its setting, and no secret is shown",
        arguments: [
            (
                ["STOREFRONT_ADAPTERS": "webhook,tables"],
                "`storefront.adapters` is `tables`, but must be database, webhook"
            ),
            (["STOREFRONT_WEBHOOK_URL": ""], "`storefront.webhook.url` is missing"),
            (
                ["STOREFRONT_WEBHOOK_URL": "store.example"],
                "`storefront.webhook.url` is `store.example`, but must be an address"
            ),
            (["STOREFRONT_WEBHOOK_URL": "https://u:p@store.example/"], "is `https://***@store.example/`"),
            (["STOREFRONT_WEBHOOK_URL": "http://store.example/"], "`storefront.webhook.url`: must begin with https://"),
            (["STOREFRONT_WEBHOOK_URL": "https://other.example/"], "the host `other.example` is not in"),
            (["STOREFRONT_WEBHOOK_SECRET": ""], "`storefront.webhook.secret` is missing"),
            (
                ["STOREFRONT_WEBHOOK_SECRET": "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
                "`storefront.webhook.secret`: must be `whsec_`"
            ),
            (
                ["STOREFRONT_WEBHOOK_ALLOWED_HOSTS": ""],
                "name the hosts that may be posted to; that of the address is `store.example`"
            ),
            (["STOREFRONT_WEBHOOK_ALLOWED_HOSTS": "store.example,*"], "`*` must be a host"),
        ])
    func faulty(changes: [String: String], text: String) {
        let faults = faults(changes)
        #expect(faults.count == 1 && faults.first?.contains(text) == true, "\(faults)")
        #expect(!faults.joined().contains("MfKQ9r8"))
    }

    @Test("everything that is wrong with a webhook is said at once")
    func atOnce() {
        let changes = [
            "STOREFRONT_ADAPTERS": "webhook,tables", "STOREFRONT_WEBHOOK_SECRET": "short",
            "STOREFRONT_WEBHOOK_URL": "https://other.example/",
        ]
        let said = faults(changes).joined(separator: "\n")
        let keys = ["storefront.adapters", "storefront.webhook.secret", "storefront.webhook.url"]
        #expect(keys.filter { !said.contains("`\($0)`") }.isEmpty, "\(said)")
    }

    @Test("a webhook that is not in use need not be complete")
    func notInUse() {
        let changes = ["STOREFRONT_ADAPTERS": "database", "STOREFRONT_WEBHOOK_SECRET": ""]
        #expect(faults(changes).isEmpty)
    }

    @Test("the secret is hidden where settings are shown")
    func hidden() {
        let shown = Configuration.effective(file: nil, environment: environment([:]))
        #expect(shown.filter(Self.isSecret).map(\.value) == ["(hidden)"])
        #expect(shown.filter(Self.isURL).map(\.value) == ["https://store.example/hooks"])
    }

    private static func isSecret(_ row: (key: String, value: String, origin: String)) -> Bool {
        row.key == "storefront.webhook.secret"
    }

    private static func isURL(_ row: (key: String, value: String, origin: String)) -> Bool {
        row.key == "storefront.webhook.url"
    }
}
