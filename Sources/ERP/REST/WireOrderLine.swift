internal import Models

/// A position of an order, the same in both directions.
struct WireOrderLine: Codable {
    var id: String
    var sku: String
    var quantity: String
    var unit: String
    var unitPrice: String
    var amount: String
    var priceVersion: String?

    init(_ line: OrderLine) {
        id = line.id
        sku = line.sku
        quantity = line.quantity.description
        unit = line.unit.code
        unitPrice = line.unitPrice.description
        amount = line.amount.description
        priceVersion = line.priceVersion
    }

    func value(_ path: String) throws(WireFault) -> OrderLine {
        guard let unit = UnitCode(unit) else { throw WireFault("\(path)/unit", "is no unit of UN/ECE 20") }
        let quantity = try WireQuantity.read(quantity, "\(path)/quantity")
        guard !quantity.isZero else { throw WireFault("\(path)/quantity", "is 0") }
        return OrderLine(
            id: try WireText.key(id, "\(path)/id"),
            sku: try WireText.key(sku, "\(path)/sku"),
            quantity: quantity,
            unit: unit,
            unitPrice: try WireQuantity.decimal(unitPrice, "\(path)/unitPrice"),
            amount: try WireQuantity.decimal(amount, "\(path)/amount"),
            priceVersion: priceVersion.flatMap { try? WireText.key($0, "") })
    }
}

/// The sums of an order, the same in both directions.
struct WireTotals: Codable {
    var goods: String
    var discount: String
    var shipping: String
    var tax: String
    var total: String

    init(_ totals: OrderTotals) {
        goods = totals.goods.description
        discount = totals.discount.description
        shipping = totals.shipping.description
        tax = totals.tax.description
        total = totals.total.description
    }

    func value(_ path: String) throws(WireFault) -> OrderTotals {
        OrderTotals(
            goods: try WireQuantity.decimal(goods, "\(path)/goods"),
            discount: try WireQuantity.decimal(discount, "\(path)/discount"),
            shipping: try WireQuantity.decimal(shipping, "\(path)/shipping"),
            tax: try WireQuantity.decimal(tax, "\(path)/tax"),
            total: try WireQuantity.decimal(total, "\(path)/total"))
    }
}
