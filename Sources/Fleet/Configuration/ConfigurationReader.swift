#if canImport(Glibc)
    internal import Glibc
#endif
internal import Ledger
internal import Models
internal import RabbitMQ
internal import Storefront

/// Turns the texts of a ``ConfigurationSource`` into typed values and keeps every fault.
///
/// A faulty setting yields a harmless stand-in, which nobody sees because ``finish()`` throws.
struct ConfigurationReader {
    let source: ConfigurationSource
    private var faults: [ConfigurationFault]

    init(_ source: ConfigurationSource) {
        self.source = source
        faults = source.faults
    }

    mutating func list(_ key: ConfigurationKey) -> [String] {
        let values = source.values[key.name] ?? []
        if values.isEmpty || values.contains("") { faultMissing(key) }
        return values
    }

    /// Addresses of brokers.
    mutating func brokerURLs(_ key: ConfigurationKey) -> [String] {
        let values = list(key)
        for (index, value) in values.enumerated() where !value.isEmpty {
            do throws(BrokerURL.Fault) {
                _ = try BrokerURL(value)
            } catch {
                faultUnusable(key, values.count > 1 ? "address \(index + 1): \(error.sentence)" : error.sentence)
            }
        }
        return values
    }

    /// The path of a file that is there to be read.
    mutating func optionalFile(_ key: ConfigurationKey) -> String? {
        let path = optionalText(key)
        if let path, access(path, R_OK) != 0 {
            faultUnusable(key, "the file \(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        return path
    }

    mutating func optionalText(_ key: ConfigurationKey) -> String? {
        source.values[key.name]?.first.flatMap { $0.isEmpty ? nil : $0 }
    }

    mutating func text(_ key: ConfigurationKey) -> String {
        guard let value = source.values[key.name]?.first, !value.isEmpty else {
            faultMissing(key)
            return ""
        }
        if case .choice(let words) = key.kind, !words.contains(value) { faultWrong(key, value) }
        return value
    }

    /// An address, without user and password unless it is a secret.
    mutating func address(_ key: ConfigurationKey) -> String {
        let value = text(key)
        if !value.isEmpty { checkAddress(key, value) }
        return value
    }

    mutating func optionalAddress(_ key: ConfigurationKey) -> String? {
        let value = optionalText(key)
        if let value { checkAddress(key, value) }
        return value
    }

    private mutating func checkAddress(_ key: ConfigurationKey, _ value: String) {
        let address = WebAddress(value)
        if address == nil || (address?.userInfo != nil && !key.isSecret) { faultWrong(key, value) }
    }

    /// A template for each name.
    mutating func linkTemplates(_ key: ConfigurationKey) -> [String: LinkTemplate] {
        map(key, of: "a carrier's code, `=` and an address") { address in
            (LinkTemplate(address), "must be an https:// address with {number} in it once, behind the host")
        }
    }

    /// A quantity for each name.
    mutating func quantities(_ key: ConfigurationKey) -> [String: ExactDecimal] {
        map(key, of: "a warehouse or `*`, `=` and a quantity") { text in
            let quantity = ExactDecimal(text).flatMap { $0.isNegative || $0.scale > 6 ? nil : $0 }
            return (quantity, "must be a quantity, zero or more, of at most six decimals")
        }
    }

    /// What `read` makes of the text behind each name, or what it must be instead.
    private mutating func map<Value>(
        _ key: ConfigurationKey, of form: String, _ read: (String) -> (Value?, allowed: String)
    ) -> [String: Value] {
        var values: [String: Value] = [:]
        for entry in source.values[key.name] ?? [] {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                faultUnusable(key, "`\(entry)` must be \(form)")
                continue
            }
            if values[parts[0]] != nil { faultUnusable(key, "`\(parts[0])` is there twice") }
            let (value, allowed) = read(parts[1])
            values[parts[0]] = value
            if value == nil { faultUnusable(key, "what `\(parts[0])` has \(allowed), not `\(parts[1])`") }
        }
        return values
    }

    mutating func integer(_ key: ConfigurationKey) -> Int {
        let value = text(key)
        guard !value.isEmpty else { return 0 }
        guard case .integer(let range) = key.kind, let number = Int(value), range.contains(number) else {
            faultWrong(key, value)
            return 0
        }
        return number
    }

    mutating func duration(
        _ key: ConfigurationKey, within bounds: ClosedRange<Duration> = .zero ... .seconds(1 << 60),
        mayBeZero: Bool = false
    ) -> Duration {
        let value = text(key)
        guard !value.isEmpty else { return .zero }
        guard let duration = Duration(configured: value), mayBeZero || duration > .zero else {
            faultWrong(key, value)
            return .zero
        }
        if !bounds.contains(duration) {
            let (least, most) = (bounds.lowerBound / .seconds(1), bounds.upperBound / .seconds(1))
            faultWrong(key, value, allowed: "from \(Int(least))s to \(Int(most))s")
        }
        return duration
    }

    /// How long the ledger keeps things; never shorter than a message may travel, or a copy that comes back from the last
    /// retry would find nothing of its story.
    mutating func retention(maximumAttempts: Int) -> LedgerRetention {
        let travel = RetryPolicy(maximumAttempts: maximumAttempts).longestTravel
        let least = Int(travel / .seconds(86_400)) + 2
        return LedgerRetention(
            journal: days(.journalRetention, atLeast: least), payload: days(.payloadRetention, atLeast: least),
            deadLetter: days(.deadLetterRetention, atLeast: least),
            operatorAction: days(.operatorActionRetention, atLeast: least),
            alias: days(.aliasRetention, atLeast: least))
    }

    private mutating func days(_ key: ConfigurationKey, atLeast least: Int) -> Duration {
        let value = integer(key)
        if value > 0, value < least {
            let allowed =
                "at least \(least) days, because a message may be retried for that long (worker.maximum-attempts)"
            faults.append(
                .wrongValue(
                    key: key.name, value: "\(value)", origin: Self.origin(source.origins[key.name]), allowed: allowed))
        }
        return .seconds(value * 86_400)
    }

    func finish() throws(ConfigurationError) {
        if !faults.isEmpty { throw ConfigurationError(faults: faults) }
    }

    mutating func faultMissing(_ key: ConfigurationKey) {
        faults.append(.missing(key: key.name, variable: key.environmentVariable))
    }

    mutating func faultWrong(_ key: ConfigurationKey, _ value: String, allowed: String? = nil) {
        let origin = Self.origin(source.origins[key.name])
        faults.append(
            .wrongValue(key: key.name, value: key.shown(value), origin: origin, allowed: allowed ?? key.allowed))
    }

    mutating func faultUnusable(_ key: ConfigurationKey, _ reason: String) {
        faults.append(.unusable(key: key.name, origin: Self.origin(source.origins[key.name]), reason: reason))
    }

    /// The same for what stands at a place inside a setting.
    mutating func faultUnusable(_ key: ConfigurationKey, at place: String, _ reason: String) {
        faults.append(.unusable(key: place, origin: Self.origin(source.origins[key.name]), reason: reason))
    }

    static func origin(_ origin: ConfigurationSource.Origin?) -> String {
        switch origin {
        case .file(let path): path
        case .environment(let variable): variable
        case .standard, nil: "default"
        }
    }
}

extension Duration {
    /// Reads `250ms`, `30s`, `5m` or `2h`; anything else is nil.
    init?(configured text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), number >= 0, number < 1_000_000_000 else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": self = .milliseconds(number)
        case "s": self = .seconds(number)
        case "m": self = .seconds(number * 60)
        case "h": self = .seconds(number * 3_600)
        default: return nil
        }
    }
}
