internal import ArgumentParser
internal import Models

/// What would be bought, as a person types it: `FST-0001=2`.
struct QuoteOrderLine: Hashable, Sendable, ExpressibleByArgument {
    let sku: String
    let quantity: ExactDecimal

    /// Nil for anything but a SKU and a number above zero; a SKU may have a `=` in it.
    init?(argument: String) {
        guard let sign = argument.lastIndex(of: "="), let quantity = ExactDecimal(argument[sign...].dropFirst()) else {
            return nil
        }
        sku = String(argument[..<sign])
        self.quantity = quantity
        guard !sku.isEmpty, quantity > .zero else { return nil }
    }
}
