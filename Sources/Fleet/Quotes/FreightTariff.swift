package import Models

/// What it costs to send goods, by method, zone and weight: configured, for when the ERP cannot be asked.
package struct FreightTariff: Hashable, Sendable {
    /// A part of a method's price in a zone.
    struct Step: Hashable, Sendable {
        /// For weights up to so many kilograms; nil without an end.
        var upTo: ExactDecimal?
        /// Whatever it weighs.
        var base = ExactDecimal.zero
        /// For each kilogram begun.
        var perKilogram = ExactDecimal.zero
    }

    /// A way to send goods.
    struct Method: Hashable, Sendable {
        var code: String
        var title: String
        var currency: Currency
        /// By zone, the lightest first.
        var zones: [String: [Step]] = [:]
    }

    /// A way to send goods, and what it costs.
    package struct Option: Hashable, Sendable {
        package var method: String
        package var title: String
        package var amount: ExactDecimal
    }

    /// Which zone an address is in.
    var zones = PlaceTable<String>()
    /// In the order of the settings.
    var methods: [Method] = []

    /// Nothing is configured.
    package init() {}

    /// Whether nothing can be reckoned with it.
    package var isEmpty: Bool { methods.isEmpty || zones.isEmpty }

    /// The ways to send so much to an address; only `method` when that is named. None where no zone or no step fits.
    package func options(
        for kilograms: ExactDecimal, to address: Address, in currency: Currency, method: String? = nil
    ) -> [Option] {
        guard let zone = zones[address] else { return [] }
        return methods.compactMap { one in
            guard one.currency == currency, method == nil || method == one.code, let steps = one.zones[zone],
                let amount = Self.amount(kilograms, steps, decimals: currency.minorUnits)
            else { return nil }
            return Option(method: one.code, title: one.title, amount: amount)
        }
    }

    /// Nil for what is heavier than any step takes.
    private static func amount(_ kilograms: ExactDecimal, _ steps: [Step], decimals: Int) -> ExactDecimal? {
        guard let step = steps.first(where: { step in step.upTo.map { kilograms <= $0 } ?? true }),
            let begun = begun(kilograms)
        else { return nil }
        return begun.multiplied(by: step.perKilogram)?.adding(step.base)?.rounded(to: decimals)
    }

    /// Whole kilograms, the last one begun.
    package static func begun(_ kilograms: ExactDecimal) -> ExactDecimal? {
        guard let nearest = kilograms.rounded(to: 0), let one = ExactDecimal(1) else { return nil }
        return nearest < kilograms ? nearest.adding(one) : nearest
    }
}
