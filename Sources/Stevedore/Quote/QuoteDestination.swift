internal import ArgumentParser
internal import Fleet
internal import Models

/// Where goods would go, as a person types it: `Northwind;1 Harbor Avenue;Tacoma;WA;98421;US`.
struct QuoteDestination: Hashable, Sendable {
    let address: Address

    /// Nil for anything but six parts of which the last one is a country.
    init?(argument: String) {
        let parts = Self.parts(argument)
        guard parts.count == Self.count, let country = CountryCode(parts[5].uppercased()) else { return nil }
        address = Address(
            company: parts[0], name: parts[0], street: [parts[1]], city: parts[2], region: Self.filled(parts[3]),
            postalCode: Self.filled(parts[4]), country: country)
    }

    /// - Throws: what is wrong with it, and how it is meant.
    init(typed text: String) throws {
        guard let place = QuoteDestination(argument: text) else { throw ValidationError(Self.fault(of: text)) }
        self = place
    }

    private static let count = 6

    private static func parts(_ text: String) -> [String] {
        text.split(separator: ";", omittingEmptySubsequences: false).map { trimmed($0) }
    }

    private static func fault(of text: String) -> String {
        let parts = parts(text)
        let form = "'Northwind;1 Harbor Avenue;Tacoma;WA;98421;US'"
        guard parts.count == count, let country = parts.last else {
            return "a place has \(count) parts with ; between them, region and postal code may be empty; this has "
                + "\(parts.count): \(form)"
        }
        return "the last part is a country's two letters by ISO 3166-1, such as US or DE, not "
            + "'\(InertText.line(country))': \(form)"
    }

    private static func filled(_ text: String) -> String? { text.isEmpty ? nil : text }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
