/// What outbox-relay is told.
package struct RelaySettings: Hashable, Sendable {
    /// The store's database; nil where there is no outbox.
    package var database: String?
    /// The `source` of every message from there.
    package var source = "store:web"
    /// How long rows are kept once they are sent.
    package var retention: Duration = .seconds(7 * 86_400)
    /// How often it is looked whether something was written.
    package var interval: Duration = .milliseconds(100)

    /// Settings with these values, the others by default.
    package init(database: String? = nil) { self.database = database }
}

extension ConfigurationReader {
    mutating func relay() -> RelaySettings {
        var settings = RelaySettings(database: optionalText(.relayDatabase))
        settings.source = relaySource()
        settings.retention = .seconds(integer(.relayRetention) * 86_400)
        settings.interval = duration(.relayInterval, within: .milliseconds(10) ... .seconds(60))
        return settings
    }

    /// A wrong one would have every message refused.
    private mutating func relaySource() -> String {
        let source = text(.relaySource)
        let isURI = source.utf8.count <= 255 && source.utf8.allSatisfy(Self.isURICharacter)
        if !isURI { faultWrong(.relaySource, source, allowed: "a URI of at most 255 characters, such as store:web") }
        return source
    }

    /// The ASCII characters of RFC 3986.
    private static func isURICharacter(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: "-._~:/?#[]@!$&'()*+,;=%".utf8.contains(byte)
        }
    }
}
