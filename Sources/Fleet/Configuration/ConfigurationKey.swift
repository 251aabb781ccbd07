/// One setting of the fleet: its name in `stevedore.yaml`, what it may hold, and its default.
///
/// The environment variable is derived: `amqp.urls` is `STEVEDORE_AMQP_URLS`, and a secret can also be read from the
/// file named by `STEVEDORE_…_FILE`.
public struct ConfigurationKey: Hashable, Sendable {
    /// What a setting may hold.
    public enum Kind: Hashable, Sendable {
        case text
        /// One or several, in YAML a list or in the environment separated by commas.
        case list
        /// Names with a text each; in the environment `NAME=TEXT`, separated by commas.
        case map
        case integer(ClosedRange<Int>)
        /// A number and a unit: `250ms`, `30s`, `5m`, `2h`.
        case duration
        case choice([String])
        /// Settings of its own, as deep as they need; in the environment the same YAML in one text.
        case section
        /// An address, `http://` or `https://` unless its summary says otherwise; with user and password only when it is a
        /// secret, because others are shown.
        case url

        /// Whether it may hold more than one text.
        var isSeveral: Bool { self == .list || self == .map }
    }

    /// Dotted, as nested in the YAML file.
    public let name: String
    /// What it may hold.
    public let kind: Kind
    /// In the file's notation; `nil` when there is none.
    public let defaultValue: String?
    /// Secrets are never shown.
    public let isSecret: Bool
    /// One line for `config check` and the documentation.
    public let summary: String

    init(_ name: String, _ kind: Kind, default defaultValue: String? = nil, secret: Bool = false, _ summary: String) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        isSecret = secret
        self.summary = summary
    }

    /// The environment variable that overrides the file.
    public var environmentVariable: String {
        "STEVEDORE_" + name.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
    }

    /// What is allowed, for an error sentence.
    var allowed: String {
        switch kind {
        case .text: "a text"
        case .list: "a text, or a list of texts"
        case .map: "names with a text each (in the environment NAME=TEXT, separated by commas)"
        case .section: "settings of its own, as the documentation of `\(name)` lists them"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .duration: "a number with a unit, such as 250ms, 30s, 5m or 2h"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .url where isSecret: "an address such as http://user:password@127.0.0.1:15672"
        case .url:
            "an address such as http://127.0.0.1:8090 or https://erp.example.com/api, without user and password "
                + "(a token goes into `erp.rest.token`)"
        }
    }

    /// A value as it may be shown to anybody.
    func shown(_ value: String) -> String {
        if isSecret { return "(hidden)" }
        // In a section an address may stand where it does not belong.
        let isAddress = kind == .url || (kind == .section && value.contains("://"))
        return isAddress ? WebAddress.redacted(value) : value
    }
}

extension ConfigurationKey {
    static let amqpURLs = ConfigurationKey(
        "amqp.urls", .list, default: "amqp://guest:guest@127.0.0.1:5672/", secret: true,
        "Broker addresses, tried in order: amqp://user:password@host:port/vhost or amqps://…")
    static let amqpCA = ConfigurationKey(
        "amqp.tls.ca", .text, "PEM file with the authorities that may sign the broker's certificate")
    static let amqpCertificate = ConfigurationKey("amqp.tls.certificate", .text, "PEM file with the client certificate")
    static let amqpKey = ConfigurationKey("amqp.tls.key", .text, "PEM file with the client certificate's key")
    static let amqpManagement = ConfigurationKey(
        "amqp.management", .url, secret: true,
        "Address of the broker's management plugin, for `stevedore topology check` to see bindings as well")
    static let amqpHeartbeat = ConfigurationKey(
        "amqp.heartbeat", .duration, default: "10s", "A broker silent for twice this long counts as lost")
    static let amqpConnectTimeout = ConfigurationKey(
        "amqp.connect-timeout", .duration, default: "5s",
        "How long a broker may take to accept a connection and its login")
    static let prefetch = ConfigurationKey(
        "worker.prefetch", .integer(1...2_000), default: "200", "Messages a worker holds unacknowledged at most")
    static let callPrefetch = ConfigurationKey(
        "worker.call-prefetch", .integer(1...2_000), default: "128",
        "The same for flows that call another system: the most calls in flight")
    static let lease = ConfigurationKey(
        "worker.lease", .duration, default: "15s",
        "How soon an object is free again after its worker died (1s to 10m); renewed while the worker lives")
    static let grace = ConfigurationKey(
        "worker.grace", .duration, default: "20s",
        "Time to finish what is in flight after SIGTERM; the stop may last 9s longer")
    static let maximumAttempts = ConfigurationKey(
        "worker.maximum-attempts", .integer(1...100), default: "14", "Tries before a transient failure is a dead letter"
    )
    static let crashesUntilPoison = ConfigurationKey(
        "worker.crashes-until-poison", .integer(1...1_000_000), default: "3",
        "Crashes of a worker, alone with one message, that make it a dead letter")
    static let ledgerPath = ConfigurationKey(
        "ledger.path", .text, default: "stevedore.db", "The ledger's SQLite file, shared by every worker of the machine"
    )
    static let journalRetention = ConfigurationKey(
        "ledger.retention.journal", .integer(1...36_500), default: "90", "Days that the steps of messages are kept")
    static let payloadRetention = ConfigurationKey(
        "ledger.retention.payload", .integer(1...36_500), default: "30",
        "Days that original bodies are kept; those of open dead letters stay")
    static let deadLetterRetention = ConfigurationKey(
        "ledger.retention.dead-letter", .integer(1...36_500), default: "180",
        "Days that dead letters are remembered once they are resolved or discarded")
    static let operatorActionRetention = ConfigurationKey(
        "ledger.retention.operator-action", .integer(1...36_500), default: "1095",
        "Days that it is remembered what people did to letters, and whom they erased when")
    static let aliasRetention = ConfigurationKey(
        "ledger.retention.alias", .integer(1...36_500), default: "365",
        "Days that an e-mail address leads to an order after the order's last change")
    static let erpURL = ConfigurationKey(
        "erp.rest.url", .url, default: "http://127.0.0.1:8090", "Base address of the ERP's REST interface")
    static let erpToken = ConfigurationKey("erp.rest.token", .text, secret: true, "Bearer token for the ERP")
    static let erpTimeout = ConfigurationKey(
        "erp.rest.timeout", .duration, default: "20s", "Time for one ERP call (1s to 5m), for a read 10s at most")
    static let cancelledOrders = ConfigurationKey(
        "erp.cancelled-orders", .choice(["withhold", "send"]), default: "withhold",
        "Orders that are cancelled before the ERP has heard of them: `withhold` them, or `send` it their cancellation")
    static let storefrontAdapters = ConfigurationKey(
        "storefront.adapters", .list, default: "database",
        "How the store is shown what the ERP says: `database` (tables), `webhook` (signed posts), or both")
    static let webhookURL = ConfigurationKey(
        "storefront.webhook.url", .url, "Where the store takes posts, https; its host must be among the allowed ones")
    static let webhookSecret = ConfigurationKey(
        "storefront.webhook.secret", .list, secret: true,
        "What posts are signed with, `whsec_` and the base64 of 24 to 64 random bytes; two while the store changes over"
    )
    static let webhookAllowedHosts = ConfigurationKey(
        "storefront.webhook.allowed-hosts", .list,
        "The hosts that may be posted to: `host` for port 443 (loopback http: 80), or `host:port`; none, none may")
    static let trackingLinks = ConfigurationKey(
        "storefront.tracking-links", .map,
        "Where a carrier's parcels can be followed: by carrier code an https address with {number} in it")
    static let safetyBuffer = ConfigurationKey(
        "storefront.safety-buffer", .map,
        "What is never promised of any product: by warehouse a quantity; `*` is every other warehouse")
    static let feedInterval = ConfigurationKey(
        "feed.interval", .duration, default: "2s", "How long erp-feed waits once nothing is new")
    static let feedPageSize = ConfigurationKey(
        "feed.page-size", .integer(1...1_000), default: "500",
        "Changes that erp-feed asks for at once; fewer where their answer is longer than 4 MiB")
    static let feedRate = ConfigurationKey(
        "feed.rate", .integer(1...1_000_000), default: "5000", "Most changes a second that erp-feed reads of a stream")
    static let feedLookBack = ConfigurationKey(
        "feed.look-back", .duration, default: "60s",
        "How late a change may appear in the ERP behind others and still be told; 0s does not look back")
    static let feedFullRead = ConfigurationKey(
        "feed.full-read", .duration, default: "24h",
        "How often every stream is read from its beginning; what two in a row lack is withdrawn; 0s never")
    static let guardStockZeroed = ConfigurationKey(
        "feed.guard.stock-zeroed", .integer(0...100), default: "50",
        "Most products of a page, in percent, that may have nothing available any more; beyond, erp-feed parks the page"
    )
    static let guardPricesMoved = ConfigurationKey(
        "feed.guard.prices-moved", .integer(0...100), default: "50",
        "Most prices of a page, in percent, that may move by more than feed.guard.price-step")
    static let guardPriceStep = ConfigurationKey(
        "feed.guard.price-step", .integer(0...1_000_000), default: "30",
        "By how many percent a price must move to count")
    static let guardPricesDropped = ConfigurationKey(
        "feed.guard.prices-dropped", .integer(0...100), default: "50",
        "Most prices of a page, in percent, that may be gone")
    static let guardRowsDropped = ConfigurationKey(
        "feed.guard.rows-dropped", .integer(0...100), default: "20",
        "Most objects of a stream, in percent, that may be gone from the ERP; beyond, erp-feed parks their withdrawal")
    static let guardMinimum = ConfigurationKey(
        "feed.guard.minimum", .integer(1...1_000_000), default: "20",
        "Fewer doubtful changes than this, with those found within 15 minutes, park nothing")
    static let alertRules = ConfigurationKey(
        "alerts.rules", .section,
        "Who is told of which alerts: a list of rules with `name`, `when`, `mail`, `webhook`, `digest`, `escalate` …")
    static let alertMailURL = ConfigurationKey(
        "alerts.mail.url", .url, "The server that takes alerts by mail: smtp://host:port or smtps://host:port")
    static let alertMailSecurity = ConfigurationKey(
        "alerts.mail.security", .choice(["none", "starttls", "tls"]),
        "How the mail server is spoken to; starttls unless said otherwise, and tls for smtps://")
    static let alertMailUser = ConfigurationKey("alerts.mail.user", .text, "Who logs in to the mail server")
    static let alertMailPassword = ConfigurationKey(
        "alerts.mail.password", .text, secret: true,
        "The password of alerts.mail.user; without TLS it is sent to a loopback host alone")
    static let alertMailCA = ConfigurationKey(
        "alerts.mail.ca", .text, "PEM file with the authorities that may sign the mail server's certificate")
    static let alertMailFrom = ConfigurationKey(
        "alerts.mail.from", .text, "Whom alerts come from, such as `Stevedore <stevedore@example.com>`")
    static let alertWebhookURL = ConfigurationKey(
        "alerts.webhook.url", .url, "Where rules with `webhook: true` post to, https; its host must be an allowed one")
    static let alertWebhookSecret = ConfigurationKey(
        "alerts.webhook.secret", .list, secret: true,
        "What posts of alerts are signed with, in the form of storefront.webhook.secret")
    static let alertWebhookAllowedHosts = ConfigurationKey(
        "alerts.webhook.allowed-hosts", .list,
        "The hosts that alerts may be posted to, in the form of storefront.webhook.allowed-hosts; none, none may")
    static let alertOutageAfter = ConfigurationKey(
        "alerts.outage-after", .duration, default: "2m", "How long something must be out of reach to be an alert")
    static let alertDiskFree = ConfigurationKey(
        "alerts.disk-free", .list, default: "10%, 5GB",
        "Free room on the ledger's disk below which people are warned, the lesser of both; critical at a fifth; 0% never"
    )
    static let expectations = ConfigurationKey(
        "expectations", .section,
        "What has to happen by when, by name: `{after: TYPE, expect: TYPE, within: 15m}` or `{heartbeat: TYPE, every: 24h}`"
    )
    static let relayDatabase = ConfigurationKey(
        "relay.database", .text,
        "The store's own SQLite database with the table `stevedore_outbox`, which outbox-relay publishes")
    static let relaySource = ConfigurationKey(
        "relay.source", .text, default: "store:web",
        "The `source` of the messages of outbox-relay: a URI that names the store")
    static let relayRetention = ConfigurationKey(
        "relay.retention", .integer(0...36_500), default: "7",
        "Days that rows of the store's outbox are kept once they are sent")
    static let relayInterval = ConfigurationKey(
        "relay.interval", .duration, default: "100ms",
        "How often outbox-relay looks whether the store has written something (10ms to 60s)")
    static let quotePrice = ConfigurationKey(
        "quotes.price", .list, default: "live, cached",
        "What a price may rest on, the best first: `live`, `cached`; with neither it is refused")
    static let quoteAvailability = ConfigurationKey(
        "quotes.availability", .list, default: "live, cached",
        "What availability may rest on, the best first: `live`, `cached`")
    static let quoteShipping = ConfigurationKey(
        "quotes.shipping", .list, default: "live, cached, estimated",
        "What freight may rest on, the best first: `live`, `cached`, `estimated`")
    static let quoteTax = ConfigurationKey(
        "quotes.tax", .list, default: "live, cached, estimated",
        "What tax may rest on, the best first: `live`, `cached`, `estimated`")
    static let quotePatience = ConfigurationKey(
        "quotes.patience", .duration, default: "2s",
        "How long an asker waits whose question has no expiration (10ms to 60s)")
    static let quoteReserve = ConfigurationKey(
        "quotes.reserve", .duration, default: "100ms",
        "What is kept of an asker's time for composing and sending the answer; never more than half of it")
    static let quotesInHand = ConfigurationKey(
        "quotes.in-hand", .integer(1...20_000), default: "2000", "Questions that one quotes-worker has in hand at most")
    static let quoteCalls = ConfigurationKey(
        "quotes.erp-calls", .integer(1...1_000),
        "Questions that one quotes-worker has in flight to the ERP at most; a quarter of worker.call-prefetch unless set"
    )
    static let quoteCacheRows = ConfigurationKey(
        "quotes.cache.rows", .integer(100...50_000_000), default: "200000", "Figures that the cache remembers at most")
    static let quoteCachePrice = ConfigurationKey(
        "quotes.cache.price", .duration, default: "24h", "How long a price that the ERP has said is given in its place")
    static let quoteCacheAvailability = ConfigurationKey(
        "quotes.cache.availability", .duration, default: "4h", "The same for availability")
    static let quoteCacheShipping = ConfigurationKey(
        "quotes.cache.shipping", .duration, default: "168h", "The same for freight")
    static let quoteCacheTax = ConfigurationKey(
        "quotes.cache.tax", .duration, default: "720h", "The same for rates of tax")
    static let quoteDefaultWeight = ConfigurationKey(
        "quotes.default-weight", .text,
        "Kilograms of one unit of what has no known weight; without it no freight is estimated for such goods")
    static let quoteZones = ConfigurationKey(
        "quotes.shipping-zones", .section,
        "Zones that freight is estimated by, each with its places: `west: [US/CA, US/WA/98]`; `*` is the rest")
    static let quoteRates = ConfigurationKey(
        "quotes.shipping-rates", .section,
        "Shipping methods with `title`, `currency` and, by zone, steps of `up-to` (kg), `base` and `per-kg`")
    static let quoteTaxRates = ConfigurationKey(
        "quotes.tax-rates", .section, "Percent of tax by place, for estimates: `US/WA: 6.5`")
    static let healthPort = ConfigurationKey(
        "health.port", .integer(0...65_535), default: "0",
        "Loopback port of /health/live, /health/ready and /metrics; 0 takes a free one and logs it")
    static let logFormat = ConfigurationKey("log.format", .choice(["logfmt", "json"]), default: "logfmt", "Log format")
    static let logLevel = ConfigurationKey(
        "log.level", .choice(["trace", "debug", "info", "notice", "warning", "error"]), default: "info", "Log level")

    /// Every setting there is, in the order of the documentation.
    public static let all: [ConfigurationKey] = [
        amqpURLs, amqpCA, amqpCertificate, amqpKey, amqpManagement, amqpHeartbeat, amqpConnectTimeout, prefetch,
        callPrefetch,
        lease, grace, maximumAttempts, crashesUntilPoison, ledgerPath, journalRetention, payloadRetention,
        deadLetterRetention, operatorActionRetention, aliasRetention,
        erpURL, erpToken, erpTimeout, cancelledOrders, storefrontAdapters, webhookURL, webhookSecret,
        webhookAllowedHosts, trackingLinks, safetyBuffer, feedInterval, feedPageSize, feedRate,
        feedLookBack, feedFullRead, guardStockZeroed, guardPricesMoved,
        guardPriceStep, guardPricesDropped, guardRowsDropped, guardMinimum,
        alertRules, alertMailURL, alertMailSecurity, alertMailUser, alertMailPassword, alertMailCA, alertMailFrom,
        alertWebhookURL, alertWebhookSecret, alertWebhookAllowedHosts, alertOutageAfter,
        alertDiskFree,
        expectations, relayDatabase, relaySource, relayRetention, relayInterval,
        quotePrice, quoteAvailability, quoteShipping, quoteTax, quotePatience, quoteReserve, quotesInHand, quoteCalls,
        quoteCacheRows, quoteCachePrice, quoteCacheAvailability, quoteCacheShipping, quoteCacheTax, quoteDefaultWeight,
        quoteZones, quoteRates, quoteTaxRates,
        healthPort, logFormat, logLevel,
    ]
}
