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

    func value() -> OrderLine? {
        guard let quantity = ExactDecimal(quantity), let unit = UnitCode(unit),
            let unitPrice = ExactDecimal(unitPrice), let amount = ExactDecimal(amount)
        else { return nil }
        return OrderLine(
            id: id, sku: sku, quantity: quantity, unit: unit, unitPrice: unitPrice, amount: amount,
            priceVersion: priceVersion)
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

    func value() -> OrderTotals? {
        guard let goods = ExactDecimal(goods), let discount = ExactDecimal(discount),
            let shipping = ExactDecimal(shipping), let tax = ExactDecimal(tax), let total = ExactDecimal(total)
        else { return nil }
        return OrderTotals(goods: goods, discount: discount, shipping: shipping, tax: tax, total: total)
    }
}
