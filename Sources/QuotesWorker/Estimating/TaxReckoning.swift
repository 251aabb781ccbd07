internal import Models

/// Reckons tax on goods of a known worth.
enum TaxReckoning {
    /// By what goods that are taxed alike had before: nil for goods of more worth, for which that is not exact enough.
    static func amount(on goods: ExactDecimal, like fact: TaxFact, in currency: Currency) -> ExactDecimal? {
        guard goods <= fact.goods, let worth = units(of: goods, currency),
            let tax = units(of: fact.tax, currency), let all = units(of: fact.goods, currency), all > 0
        else { return nil }
        let (quotient, remainder) = (Int128(worth) * Int128(tax)).quotientAndRemainder(dividingBy: Int128(all))
        let rounded = remainder * 2 >= Int128(all) ? quotient + 1 : quotient
        return Int64(exactly: rounded).flatMap { ExactDecimal(units: $0, scale: currency.minorUnits) }
    }

    /// By a rate in percent, of all goods together.
    static func amount(on goods: ExactDecimal, percent: ExactDecimal, in currency: Currency) -> ExactDecimal? {
        ExactDecimal(units: percent.units, scale: percent.scale + 2).flatMap {
            goods.multiplied(by: $0, roundedTo: currency.minorUnits)
        }
    }

    /// In the currency's smallest unit.
    private static func units(of amount: ExactDecimal, _ currency: Currency) -> Int64? {
        amount.rounded(to: currency.minorUnits)?.units
    }
}
