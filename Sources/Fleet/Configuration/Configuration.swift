internal import FoundationEssentials
package import Ledger
package import Models
package import Storefront

/// The effective settings of one program, checked.
///
/// Read once at start; a wrong or unknown key stops the program with every fault named.
public struct Configuration: Sendable {
    package var amqpURLs: [String]
    package var amqpCA: String?
    package var amqpCertificate: String?
    package var amqpKey: String?
    package var amqpManagement: String?
    package var amqpHeartbeat: Duration
    package var amqpConnectTimeout: Duration
    package var prefetch: Int
    package var callPrefetch: Int
    package var lease: Duration
    package var grace: Duration
    package var maximumAttempts: Int
    package var crashesUntilPoison: Int
    package var ledgerPath: String
    package var retention: LedgerRetention
    package var erpURL: String
    package var erpToken: String?
    package var erpTimeout: Duration
    /// An order that is cancelled before the ERP has heard of it never goes there.
    package var withholdsCancelledOrders: Bool
    package var storefrontAdapters: Set<StorefrontAdapter>
    /// There when it is one of the adapters.
    package var webhook: WebhookEndpoint?
    /// How long the feed waits once nothing is new.
    package var feedInterval: Duration
    /// Changes that the feed asks for at once.
    package var feedPageSize: Int
    /// Most changes a second of a stream.
    package var feedRate: Int
    /// How late a change may appear behind others.
    package var feedLookBack: Duration
    /// How often a stream is read from its beginning; zero never.
    package var feedFullRead: Duration
    /// From when on the feed holds a page back, in percent; see their keys.
    package var guardStockZeroed: Int
    package var guardPricesMoved: Int
    package var guardPriceStep: Int
    package var guardPricesDropped: Int
    package var guardRowsDropped: Int
    package var guardMinimum: Int
    /// By carrier code.
    package var trackingLinks: [String: LinkTemplate]
    /// What is never promised of a product, by warehouse; `*` is every other one.
    package var safetyBuffers: [String: ExactDecimal]
    /// Who is told of which alerts.
    package var alertRules: [AlertRule]
    /// There when alerts can go out by mail.
    package var alertMail: AlertMailSettings?
    /// There when alerts can be posted.
    package var alertWebhook: WebhookEndpoint?
    /// How long something must be out of reach to be an alert.
    package var alertOutageAfter: Duration
    /// With how little room on the ledger's disk people are told.
    package var alertDiskLimits: DiskLimits
    /// What has to happen by when.
    package var expectations: [Expectation]
    /// The store's own outbox.
    package var relay: RelaySettings
    /// How questions for figures are answered.
    package var quotes: QuoteSettings
    package var healthPort: Int
    package var logFormat: String
    package var logLevel: String

    /// Reads `file` (or `stevedore.yaml` in the working directory if that exists) and the environment.
    ///
    /// - Throws: every fault found.
    public init(file: String?, environment: [String: String]) throws(ConfigurationError) {
        let standard = "stevedore.yaml"
        let path = file ?? (FileManager.default.fileExists(atPath: standard) ? standard : nil)
        var reader = ConfigurationReader(ConfigurationSource(file: path, environment: environment))
        amqpURLs = reader.brokerURLs(.amqpURLs)
        amqpCA = reader.optionalFile(.amqpCA)
        amqpCertificate = reader.optionalFile(.amqpCertificate)
        amqpKey = reader.optionalFile(.amqpKey)
        amqpManagement = reader.optionalAddress(.amqpManagement)
        amqpHeartbeat = reader.duration(.amqpHeartbeat)
        amqpConnectTimeout = reader.duration(.amqpConnectTimeout, within: .milliseconds(100) ... .seconds(600))
        prefetch = reader.integer(.prefetch)
        callPrefetch = reader.integer(.callPrefetch)
        lease = reader.duration(.lease, within: .seconds(1) ... .seconds(600))
        grace = reader.duration(.grace)
        maximumAttempts = reader.integer(.maximumAttempts)
        crashesUntilPoison = reader.integer(.crashesUntilPoison)
        ledgerPath = reader.text(.ledgerPath)
        retention = reader.retention(maximumAttempts: maximumAttempts)
        erpURL = reader.address(.erpURL)
        erpToken = reader.optionalText(.erpToken)
        erpTimeout = reader.duration(.erpTimeout, within: .seconds(1) ... .seconds(300))
        withholdsCancelledOrders = reader.text(.cancelledOrders) == "withhold"
        storefrontAdapters = reader.storefrontAdapters(.storefrontAdapters)
        webhook = reader.webhook(isNeeded: storefrontAdapters.contains(.webhook))
        feedInterval = reader.duration(.feedInterval)
        feedPageSize = reader.integer(.feedPageSize)
        feedRate = reader.integer(.feedRate)
        feedLookBack = reader.duration(.feedLookBack, mayBeZero: true)
        feedFullRead = reader.duration(.feedFullRead, mayBeZero: true)
        guardStockZeroed = reader.integer(.guardStockZeroed)
        guardPricesMoved = reader.integer(.guardPricesMoved)
        guardPriceStep = reader.integer(.guardPriceStep)
        guardPricesDropped = reader.integer(.guardPricesDropped)
        guardRowsDropped = reader.integer(.guardRowsDropped)
        guardMinimum = reader.integer(.guardMinimum)
        trackingLinks = reader.linkTemplates(.trackingLinks)
        safetyBuffers = reader.quantities(.safetyBuffer)
        alertRules = reader.alertRules()
        alertMail = reader.alertMail(for: alertRules)
        alertWebhook = reader.alertWebhook(for: alertRules)
        alertOutageAfter = reader.duration(.alertOutageAfter)
        alertDiskLimits = reader.diskLimits()
        expectations = reader.expectations(.expectations, adapters: storefrontAdapters)
        relay = reader.relay()
        quotes = reader.quotes(calls: callPrefetch)
        healthPort = reader.integer(.healthPort)
        logFormat = reader.text(.logFormat)
        logLevel = reader.text(.logLevel)
        try reader.finish()
    }

    /// The variables that look like settings and are none, sorted: nothing reads them.
    package static func strangeVariables(in environment: [String: String]) -> [String] {
        let known = ConfigurationKey.all.flatMap { [$0.environmentVariable, $0.environmentVariable + "_FILE"] }
        return environment.keys.filter { $0.hasPrefix("STEVEDORE_") && !known.contains($0) }.sorted()
    }

    /// The effective value of every key, secrets hidden, with where it came from.
    public static func effective(
        file: String?, environment: [String: String]
    ) -> [(key: String, value: String, origin: String)] {
        let source = ConfigurationSource(file: file, environment: environment)
        return ConfigurationKey.all.map { key in
            let value = source.values[key.name]?.joined(separator: ", ")
            return (key.name, value.map(key.shown) ?? "", ConfigurationReader.origin(source.origins[key.name]))
        }
    }
}
