internal import Models

extension ConfigurationReader {
    /// `calls` is how many calls a worker that brings orders to the ERP has in flight: questions take a quarter of that
    /// unless said otherwise, so that orders never wait for them.
    mutating func quotes(calls: Int) -> QuoteSettings {
        var settings = QuoteSettings()
        for (question, key) in Self.policyKeys { settings.policy[question] = bases(for: question, key) }
        settings.patience = duration(.quotePatience, within: .milliseconds(10) ... .seconds(60))
        settings.reserve = duration(.quoteReserve, within: .milliseconds(1) ... .seconds(10))
        settings.questionsInHand = integer(.quotesInHand)
        settings.erpCalls = optionalText(.quoteCalls) == nil ? max(1, calls / 4) : integer(.quoteCalls)
        settings.cacheRows = integer(.quoteCacheRows)
        for (question, key) in Self.expiryKeys {
            settings.expiry[question] = duration(key, within: .seconds(1) ... .seconds(366 * 86_400))
        }
        settings.defaultWeight = defaultWeight()
        readTables(&settings)
        return settings
    }

    private static let policyKeys: [(QuoteFallback.Question, ConfigurationKey)] = [
        (.price, .quotePrice), (.availability, .quoteAvailability), (.shipping, .quoteShipping), (.tax, .quoteTax),
    ]
    private static let expiryKeys: [(QuoteFallback.Question, ConfigurationKey)] = [
        (.price, .quoteCachePrice), (.availability, .quoteCacheAvailability), (.shipping, .quoteCacheShipping),
        (.tax, .quoteCacheTax),
    ]

    /// Each once, in the order in which they are tried.
    private mutating func bases(for question: QuoteFallback.Question, _ key: ConfigurationKey) -> [QuoteBasis.Kind] {
        // A default is one text.
        let words = list(key).flatMap { $0.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map(String.init) }
        let possible = QuotePolicy.possible(for: question)
        var bases: [QuoteBasis.Kind] = []
        for word in words {
            guard let basis = QuoteBasis.Kind(rawValue: word), possible.contains(basis), !bases.contains(basis) else {
                let names = possible.map(\.rawValue).joined(separator: ", ")
                faultWrong(key, word, allowed: "\(names), or several of them in the order in which they are tried")
                continue
            }
            bases.append(basis)
        }
        return bases
    }

    private mutating func defaultWeight() -> ExactDecimal? {
        guard let text = optionalText(.quoteDefaultWeight) else { return nil }
        guard let weight = ExactDecimal(text), !weight.isNegative, weight.scale <= 3, let most = ExactDecimal(100_000),
            weight <= most
        else {
            faultWrong(.quoteDefaultWeight, text, allowed: "kilograms from 0 to 100000, with 3 decimals at most")
            return nil
        }
        return weight
    }

    private mutating func readTables(_ settings: inout QuoteSettings) {
        settings.freight.zones = table(.quoteZones) { $0.zones($1, at: $2) }
        let zones = Set(settings.freight.zones.all)
        settings.freight.methods = table(.quoteRates) { $0.methods($1, at: $2, zones: zones) }
        settings.taxRates = table(.quoteTaxRates) { $0.taxRates($1, at: $2) }
    }

    private mutating func table<Value>(
        _ key: ConfigurationKey, _ read: (inout QuoteTableReader, YAMLNode?, String) -> Value
    ) -> Value {
        var reader = QuoteTableReader()
        let value = read(&reader, source.sections[key.name], key.name)
        for fault in reader.faults { faultUnusable(key, at: fault.place, fault.reason) }
        return value
    }
}
