internal import ArgumentParser
internal import Fleet
internal import Models

/// What would be bought, as a person types it: `FST-0001=2`.
struct QuoteOrderLine: Hashable, Sendable {
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

    /// - Throws: what is wrong with it, and how it is meant.
    init(typed text: String) throws {
        guard let line = QuoteOrderLine(argument: text) else { throw ValidationError(Self.fault(of: text)) }
        self = line
    }

    private static func fault(of text: String) -> String {
        let form = "a line is SKU=QUANTITY, such as FST-0001=20 or CABLE-NYM=12.5"
        guard let sign = text.lastIndex(of: "=") else { return "it has no quantity: \(form)" }
        if sign == text.startIndex { return "it has no SKU: \(form)" }
        let quantity = InertText.line(String(text[sign...].dropFirst()))
        return "the quantity is a number above zero, of at most 18 digits, 9 of them behind the point, not "
            + "'\(quantity)': \(form)"
    }
}
