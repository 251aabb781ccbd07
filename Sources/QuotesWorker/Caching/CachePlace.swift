internal import Fleet
internal import Models

/// A part of a country that is taken for one place: never so small that it is somebody's address.
struct CachePlace: Hashable, Sendable {
    /// Country, region, and how the postal code begins.
    let text: String

    /// Rates of carriers change from one to the next of what so many characters of a postal code name.
    static let freightDigits = 3
    /// Rates of tax change from town to town.
    static let taxDigits = 5

    /// `digits` is how much of the postal code counts.
    init(_ address: Address, digits: Int) {
        let code = PlacePattern.postalCode(address.postalCode ?? "").prefix(digits)
        text = SubjectKey.joined(address.country.code, PlacePattern.region(address.region ?? ""), String(code))
    }
}
