internal import ArgumentParser
internal import Models

/// Where goods would go, as a person types it: `Northwind;1 Harbor Avenue;Tacoma;WA;98421;US`.
struct QuoteDestination: Hashable, Sendable, ExpressibleByArgument {
    let address: Address

    /// Nil for anything but six parts of which the last one is a country.
    init?(argument: String) {
        let parts = argument.split(separator: ";", omittingEmptySubsequences: false).map { Self.trimmed($0) }
        guard parts.count == 6, let country = CountryCode(parts[5].uppercased()) else { return nil }
        address = Address(
            company: parts[0], name: parts[0], street: [parts[1]], city: parts[2], region: Self.filled(parts[3]),
            postalCode: Self.filled(parts[4]), country: country)
    }

    private static func filled(_ text: String) -> String? { text.isEmpty ? nil : text }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
