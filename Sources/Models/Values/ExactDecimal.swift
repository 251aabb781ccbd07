/// An exact decimal number of at most eighteen digits, at most nine of them behind the point.
///
/// Equality, order and hash are numeric (`"1.0" == "1"`), while ``description`` keeps the decimals as they were given,
/// so an amount travels on as it was written. Arithmetic is exact: what cannot be represented is `nil`, never rounded.
public struct ExactDecimal: Hashable, Comparable, Sendable {
    /// The value × 10^``scale``; its magnitude is below 10^18.
    public let units: Int64
    /// How many digits stand behind the point: 0 to 9.
    public let scale: Int

    /// Zero, without decimals.
    public static let zero = ExactDecimal(unchecked: 0, scale: 0)
    /// The largest number of digits behind the point.
    public static let maximumScale = 9
    /// The magnitude of ``units`` stays below this.
    static let limit: Int64 = 1_000_000_000_000_000_000

    /// The number `units` / 10^`scale`, when it has at most eighteen digits and `scale` is 0 to 9.
    public init?(units: Int64, scale: Int) {
        guard scale >= 0, scale <= Self.maximumScale, units > -Self.limit, units < Self.limit else { return nil }
        self.init(unchecked: units, scale: scale)
    }

    /// A whole number of at most eighteen digits.
    public init?(_ integer: Int64) {
        self.init(units: integer, scale: 0)
    }

    init(unchecked units: Int64, scale: Int) {
        self.units = units
        self.scale = scale
    }

    /// The same number, exactly, from a wider intermediate result; trailing zeros give way where it does not fit.
    init?(exactly wide: Int128, scale: Int) {
        var (units, scale) = (wide, scale)
        let limit = Int128(Self.limit)
        while scale > Self.maximumScale || (scale > 0 && (units >= limit || units <= -limit)) {
            guard units % 10 == 0 else { return nil }
            units /= 10
            scale -= 1
        }
        guard let narrow = Int64(exactly: units) else { return nil }
        self.init(units: narrow, scale: scale)
    }

    /// `1`, `10`, … `10^18`.
    static func powerOfTen(_ exponent: Int) -> Int64 {
        // A switch becomes a table without the once-check of a global.
        switch exponent {
        case ...0: 1
        case 1: 10
        case 2: 100
        case 3: 1000
        case 4: 10_000
        case 5: 100_000
        case 6: 1_000_000
        case 7: 10_000_000
        case 8: 100_000_000
        case 9: 1_000_000_000
        case 10: 10_000_000_000
        case 11: 100_000_000_000
        case 12: 1_000_000_000_000
        case 13: 10_000_000_000_000
        case 14: 100_000_000_000_000
        case 15: 1_000_000_000_000_000
        case 16: 10_000_000_000_000_000
        case 17: 100_000_000_000_000_000
        default: limit
        }
    }

    /// The value × 10^9, which every decimal has exactly.
    var billionths: Int128 {
        Int128(units) * Int128(Self.powerOfTen(Self.maximumScale - scale))
    }

    /// How many digits behind the point are needed: `"1.50"` needs one.
    public var significantScale: Int {
        var (units, scale) = (units, scale)
        while scale > 0, units % 10 == 0 {
            units /= 10
            scale -= 1
        }
        return scale
    }

    /// Whether the number is below zero.
    public var isNegative: Bool { units < 0 }
    /// Whether the number is zero.
    public var isZero: Bool { units == 0 }

    /// Numeric equality.
    public static func == (left: Self, right: Self) -> Bool {
        left.scale == right.scale ? left.units == right.units : left.billionths == right.billionths
    }

    /// Numeric order.
    public static func < (left: Self, right: Self) -> Bool {
        left.scale == right.scale ? left.units < right.units : left.billionths < right.billionths
    }

    /// Equal numbers hash alike, however they are written.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(billionths)
    }
}
