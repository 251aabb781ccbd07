import Models

/// Sales tax by the state that the goods go to: of each line, rounded to the cent, as its class is taxed. Exports are
/// free.
struct SalesTax {
    /// Thousandths of a percent.
    private static let rates: [String: Int64] = [
        "AL": 4_000, "AK": 0, "AZ": 5_600, "AR": 6_500, "CA": 7_250, "CO": 2_900, "CT": 6_350, "DE": 0, "DC": 6_000,
        "FL": 6_000, "GA": 4_000, "HI": 4_000, "ID": 6_000, "IL": 6_250, "IN": 7_000, "IA": 6_000, "KS": 6_500,
        "KY": 6_000, "LA": 5_000, "ME": 5_500, "MD": 6_000, "MA": 6_250, "MI": 6_000, "MN": 6_875, "MS": 7_000,
        "MO": 4_225, "MT": 0, "NE": 5_500, "NV": 6_850, "NH": 0, "NJ": 6_625, "NM": 4_875, "NY": 4_000, "NC": 4_750,
        "ND": 5_000, "OH": 5_750, "OK": 4_500, "OR": 0, "PA": 6_000, "PR": 10_500, "RI": 7_000, "SC": 6_000,
        "SD": 4_200, "TN": 7_000, "TX": 6_250, "UT": 4_850, "VT": 6_000, "VA": 4_300, "WA": 6_500, "WV": 6_000,
        "WI": 5_000, "WY": 4_000,
    ]

    private let rate: Int64

    /// The tax of a place.
    init(at place: IncomingOrder.Place) throws(Unquoted) {
        guard place.country == "US" else {
            rate = 0
            return
        }
        let region = (place.region ?? "").uppercased()
        guard let rate = Self.rates[region] else {
            throw Unquoted(code: "region.unknown", text: "There is no state \(region) whose tax is known.")
        }
        self.rate = rate
    }

    /// The tax on an amount; what is of a reduced class is taxed at half the rate.
    func tax(on amount: ExactDecimal, class name: String?, decimals: Int) -> ExactDecimal? {
        let thousandths = name == "REDUCED" ? rate / 2 : rate
        guard let factor = ExactDecimal(units: thousandths, scale: 5) else { return nil }
        return amount.multiplied(by: factor, roundedTo: decimals)
    }
}
