import Models

/// A quantity as the books calculate with it: whole millionths, so that SQLite adds exactly and nothing overflows.
struct Millionths: Hashable, Comparable, Sendable {
    /// A milliard, the most that the interface allows.
    private static let bound: Int64 = 1_000_000_000_000_000
    private static let one: Int64 = 1_000_000

    static let zero = Millionths(units: 0)
    static let most = Millionths(units: bound)

    let units: Int64

    /// What lies outside the bounds becomes the bound.
    init(units: Int64) {
        self.units = min(max(units, -Self.bound), Self.bound)
    }

    /// A whole number of pieces.
    init(_ pieces: Int64) {
        self.init(units: min(max(pieces, -1_000_000_000), 1_000_000_000) * Self.one)
    }

    /// What is smaller than a millionth is cut off.
    init(_ quantity: ExactDecimal) {
        guard let units = quantity.rounded(to: 6)?.units else {
            self = quantity.isNegative ? Self(units: -Self.bound) : .most
            return
        }
        self.init(units: units)
    }

    /// As short as it can be written.
    var text: String {
        guard units % Self.one != 0 else { return String(units / Self.one) }
        guard let value = ExactDecimal(units: units, scale: 6) else { return "0" }
        return (value.rounded(to: value.significantScale) ?? value).description
    }

    static func + (left: Self, right: Self) -> Self { Self(units: left.units + right.units) }

    static func - (left: Self, right: Self) -> Self { Self(units: left.units - right.units) }

    static func < (left: Self, right: Self) -> Bool { left.units < right.units }
}
