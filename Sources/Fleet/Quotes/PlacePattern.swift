package import Models

/// Places as settings name them, from the whole world to the beginning of a postal code: `*`, `US`, `US/WA`, `US/WA/98`,
/// `DE//80`. Upper and lower case are the same, and so are postal codes with and without blanks and hyphens.
package struct PlacePattern: Hashable, Sendable {
    /// ISO 3166-1; empty for the whole world, and then the others are.
    private let country: String
    /// State or region; empty for every one.
    private let region: String
    /// How the postal code begins; empty for every one.
    private let postalCode: String

    /// Longer beginnings of postal codes tell nothing more.
    private static let longestPostalCode = 12

    private init(country: String, region: String = "", postalCode: String = "") {
        (self.country, self.region, self.postalCode) = (country, region, postalCode)
    }

    /// Nil for what names no place.
    init?(_ text: String) {
        guard text != "*" else {
            self.init(country: "")
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (1...3).contains(parts.count), let country = CountryCode(parts[0].uppercased()) else { return nil }
        let region = parts.count > 1 ? Self.region(parts[1]) : ""
        let postalCode = parts.count > 2 ? Self.postalCode(parts[2]) : ""
        // `US/` names no region, and nothing behind it.
        guard parts.count == 1 || !region.isEmpty || !postalCode.isEmpty, parts.count < 3 || !postalCode.isEmpty,
            postalCode.count <= Self.longestPostalCode
        else { return nil }
        self.init(country: country.code, region: region, postalCode: postalCode)
    }

    /// Everything that an address fits, what says most first.
    static func all(of address: Address) -> [PlacePattern] {
        let (country, region) = (address.country.code, Self.region(address.region ?? ""))
        let code = Self.postalCode(address.postalCode ?? "").prefix(longestPostalCode)
        var patterns: [PlacePattern] = []
        for length in (0...code.count).reversed() {
            let beginning = String(code.prefix(length))
            if !region.isEmpty { patterns.append(.init(country: country, region: region, postalCode: beginning)) }
            if length > 0 { patterns.append(.init(country: country, postalCode: beginning)) }
        }
        return patterns + [.init(country: country), .init(country: "")]
    }

    /// The region of an address, as it is compared.
    package static func region(_ text: String) -> String { text.trimmingBlanks.uppercased() }

    /// The postal code of an address, as it is compared.
    package static func postalCode(_ text: String) -> String {
        text.filter { !$0.isWhitespace && $0 != "-" }.uppercased()
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

/// A value for each of some places: where several fit an address, the one counts that says most.
package struct PlaceTable<Value: Hashable & Sendable>: Hashable, Sendable {
    private var values: [PlacePattern: Value] = [:]

    /// Knows of no place.
    package init() {}

    /// Whether it knows of no place.
    package var isEmpty: Bool { values.isEmpty }

    /// The values of all places.
    var all: [Value] { Array(values.values) }

    subscript(place: PlacePattern) -> Value? {
        get { values[place] }
        set { values[place] = newValue }
    }

    /// What counts at an address; nil where nothing fits it.
    package subscript(address: Address) -> Value? {
        PlacePattern.all(of: address).lazy.compactMap { values[$0] }.first
    }
}
