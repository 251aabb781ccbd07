extension ExactDecimal {
    /// The exact sum, or nil when it has more than eighteen digits.
    public func adding(_ other: Self) -> Self? {
        let scale = max(scale, other.scale)
        return Self(exactly: scaled(to: scale) + other.scaled(to: scale), scale: scale)
    }

    /// The exact difference, or nil when it has more than eighteen digits.
    public func subtracting(_ other: Self) -> Self? {
        let scale = max(scale, other.scale)
        return Self(exactly: scaled(to: scale) - other.scaled(to: scale), scale: scale)
    }

    /// The exact product, or nil when it needs more than eighteen digits or nine decimals.
    public func multiplied(by other: Self) -> Self? {
        Self(exactly: Int128(units) * Int128(other.units), scale: scale + other.scale)
    }

    /// The product rounded to `scale` decimals, halves away from zero as on an invoice; nil when it does not fit.
    public func multiplied(by other: Self, roundedTo scale: Int) -> Self? {
        Self.rounded(Int128(units) * Int128(other.units), from: self.scale + other.scale, to: scale)
    }

    /// This number rounded to `scale` decimals, halves away from zero; nil when `scale` is out of range or it does not fit.
    public func rounded(to scale: Int) -> Self? {
        Self.rounded(Int128(units), from: self.scale, to: scale)
    }

    private func scaled(to scale: Int) -> Int128 {
        Int128(units) * Int128(Self.powerOfTen(scale - self.scale))
    }

    private static func rounded(_ wide: Int128, from scale: Int, to target: Int) -> Self? {
        guard target >= 0, target <= maximumScale else { return nil }
        guard scale > target else {
            let (widened, overflow) = wide.multipliedReportingOverflow(by: Int128(powerOfTen(target - scale)))
            return overflow ? nil : exactly(widened, scale: target)
        }
        let divisor = Int128(powerOfTen(scale - target))
        let (quotient, remainder) = wide.quotientAndRemainder(dividingBy: divisor)
        let carry: Int128 = remainder.magnitude * 2 >= divisor.magnitude ? (wide < 0 ? -1 : 1) : 0
        return exactly(quotient + carry, scale: target)
    }

    private static func exactly(_ wide: Int128, scale: Int) -> Self? {
        Int64(exactly: wide).flatMap { Self(units: $0, scale: scale) }
    }
}
