internal import Models

/// A position of an order, as the ERP states it.
struct WireOrderLine: Decodable {
    var id: String
    var sku: String
    var quantity: String
    var unit: String
    var unitPrice: String
    var amount: String
    var priceVersion: Part<String>?

    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> OrderLine {
        OrderLine(
            id: try WireText.key(id, "\(path)/id"),
            sku: try WireText.key(sku, "\(path)/sku"),
            quantity: try WireQuantity.positive(quantity, "\(path)/quantity"),
            unit: try WireForm.unit(unit, "\(path)/unit"),
            unitPrice: try WireQuantity.decimal(unitPrice, "\(path)/unitPrice"),
            amount: try WireQuantity.decimal(amount, "\(path)/amount"),
            priceVersion: gaps.text(priceVersion, "\(path)/priceVersion", WireText.key))
    }
}

/// The sums of an order, as the ERP states them.
struct WireTotals: Decodable {
    var goods: String
    var discount: String
    var shipping: String
    var tax: String
    var total: String

    func value(_ path: String) throws(WireFault) -> OrderTotals {
        OrderTotals(
            goods: try WireQuantity.decimal(goods, "\(path)/goods"),
            discount: try WireQuantity.decimal(discount, "\(path)/discount"),
            shipping: try WireQuantity.decimal(shipping, "\(path)/shipping"),
            tax: try WireQuantity.decimal(tax, "\(path)/tax"),
            total: try WireQuantity.decimal(total, "\(path)/total"))
    }
}

extension WireTotals: WirePart {
    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> OrderTotals { try value(path) }
}
