internal import Models

/// A product as the ERP states it. What is not optional here is required of the ERP; an optional part that breaks the
/// interface is dropped.
struct WireProduct: Decodable {
    var sku: String
    var version: Int64
    var name: String
    var description: Part<String>?
    var texts: Part<WireList<WireProductText>>?
    var attributes: Part<WireList<WireAttribute>>?
    var groups: Part<WireList<String>>?
    var unit: String
    var minimumQuantity: Part<String>?
    var quantityStep: Part<String>?
    var weight: Part<WireMeasure>?
    var gtin: Part<String>?
    var listPrice: Part<WirePrice>?
    var taxClass: Part<String>?
    var leadTimeDays: Part<Int64>?
    var nextReceipt: Part<String>?
    var replacementSku: Part<String>?
    var active: Bool
}

extension WireProduct: WireObject {
    struct Key: WireKey {
        var sku: String

        var text: String? { try? WireText.key(sku, "") }
    }

    func change() throws(WireFault) -> ERPChange { .product(try WireContract.mended(value())) }

    private func value() throws(WireFault) -> Product {
        guard let unit = UnitCode(unit) else { throw WireFault("unit", "is no unit of UN/ECE 20") }
        return Product(
            sku: try WireText.key(sku, "sku"),
            revision: try WireERPOrder.counter(version, "version"),
            name: WireText.free(name, atMost: 250),
            description: description?.value.map { WireText.free($0, atMost: 20_000) },
            texts: (texts?.value?.elements ?? []).compactMap(\.value),
            attributes: (attributes?.value?.elements ?? []).compactMap(\.readable),
            groups: WireKeys.readable(groups),
            unit: unit,
            minimumQuantity: minimumQuantity?.value.flatMap { ExactDecimal($0) },
            quantityStep: quantityStep?.value.flatMap { ExactDecimal($0) },
            weight: weight?.value?.value,
            gtin: gtin?.value.flatMap { GTIN($0) },
            listPrice: listPrice?.value?.value,
            taxClass: WireText.optionalKey(taxClass),
            leadTimeDays: leadTimeDays?.value,
            nextReceiptDate: nextReceipt?.value.flatMap { CalendarDate($0) },
            replacementSKU: WireText.optionalKey(replacementSku),
            isActive: active)
    }
}

/// A product's name in another language.
struct WireProductText: Decodable {
    var language: String
    var name: String
    var description: Part<String>?

    /// Nil when it says nothing.
    var value: ProductText? {
        let name = WireText.free(name, atMost: 250)
        guard let language = try? WireText.key(language, ""), !name.isEmpty else { return nil }
        return ProductText(
            language: language, name: name, description: description?.value.map { WireText.free($0, atMost: 20_000) })
    }
}

/// A property of a product.
struct WireAttribute: Decodable {
    var name: String
    var value: String
    var unit: String?

    /// Nil when it says nothing, or measures in what is no unit.
    var readable: ProductAttribute? {
        let text = WireText.free(value, atMost: 500)
        guard let name = try? WireText.key(name, ""), !text.isEmpty else { return nil }
        guard let unit else { return ProductAttribute(name: name, value: text) }
        guard let unit = UnitCode(unit), ExactDecimal(text) != nil else { return nil }
        return ProductAttribute(name: name, value: text, unit: unit)
    }
}

/// A quantity with its unit.
struct WireMeasure: Decodable {
    var quantity: String
    var unit: String

    var value: Measure? {
        guard let quantity = ExactDecimal(quantity), let unit = UnitCode(unit) else { return nil }
        return Measure(quantity: quantity, unit: unit)
    }
}

/// A price per unit.
struct WirePrice: Decodable {
    var amount: String
    var currency: String

    var value: Price? {
        guard let amount = ExactDecimal(amount), let currency = Currency(currency) else { return nil }
        return Price(amount: amount, currency: currency)
    }
}
