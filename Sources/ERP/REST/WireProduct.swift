internal import Models

/// A product as the ERP states it. What is not optional here is required of the ERP; an optional part that breaks the
/// interface is left out.
struct WireProduct: Decodable {
    var sku: String
    var version: Int64
    var name: String
    var description: Part<String>?
    var texts: Part<WireList<WireProductText>>?
    var attributes: Part<WireList<WireAttribute>>?
    var groups: Part<WireList<WireListedKey>>?
    var unit: String
    var minimumQuantity: Part<String>?
    var quantityStep: Part<String>?
    var weight: Part<WireMeasure>?
    var gtin: Part<String>?
    var listPrice: Part<WirePrice>?
    var taxClass: Part<String>?
    var leadTimeDays: Part<WireDays>?
    var nextReceipt: Part<String>?
    var replacementSku: Part<String>?
    var active: Bool
}

extension WireProduct: WireObject {
    struct Key: WireKey {
        var sku: String

        var text: String? { try? WireText.key(sku, "") }
    }

    func change(_ gaps: inout WireGaps) throws(WireFault) -> ERPChange {
        .product(try WireContract.kept(value(&gaps)))
    }

    private func value(_ gaps: inout WireGaps) throws(WireFault) -> Product {
        Product(
            sku: try WireText.key(sku, "sku"),
            revision: try WireERPOrder.counter(version, "version"),
            name: WireText.free(name, atMost: 250),
            description: gaps.free(description, "description", atMost: 20_000),
            texts: gaps.list(texts, "texts"),
            attributes: gaps.list(attributes, "attributes"),
            groups: gaps.list(groups, "groups"),
            unit: try WireForm.unit(unit, "unit"),
            minimumQuantity: gaps.quantity(minimumQuantity, "minimumQuantity"),
            quantityStep: gaps.quantity(quantityStep, "quantityStep"),
            weight: weight?.value?.saysNothing == true ? nil : gaps.read(weight, "weight"),
            gtin: gaps.text(gtin, "gtin", WireForm.gtin),
            listPrice: gaps.read(listPrice, "listPrice"),
            taxClass: gaps.text(taxClass, "taxClass", WireText.key),
            leadTimeDays: gaps.read(leadTimeDays, "leadTimeDays"),
            nextReceiptDate: gaps.text(nextReceipt, "nextReceipt", WireForm.day),
            replacementSKU: gaps.text(replacementSku, "replacementSku", WireText.key),
            isActive: active)
    }
}

/// A product's name in another language.
struct WireProductText: WirePart {
    var language: String
    var name: String
    var description: Part<String>?

    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> ProductText {
        ProductText(
            language: try WireText.key(language, "\(path)/language"),
            name: try WireText.required(name, "\(path)/name", atMost: 250),
            description: gaps.free(description, "\(path)/description", atMost: 20_000))
    }
}

/// A property of a product.
struct WireAttribute: WirePart {
    var name: String
    var value: String
    var unit: String?

    /// Fails when it says nothing, or measures in what is no unit.
    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> ProductAttribute {
        let name = try WireText.key(name, "\(path)/name")
        let text = try WireText.required(value, "\(path)/value", atMost: 500)
        guard let unit, !WireText.isBlank(unit) else { return ProductAttribute(name: name, value: text) }
        guard ExactDecimal(text) != nil else { throw WireFault("\(path)/value", "is not a decimal, and has a unit") }
        return ProductAttribute(name: name, value: text, unit: try WireForm.unit(unit, "\(path)/unit"))
    }
}

/// A quantity with its unit.
struct WireMeasure: WirePart {
    var quantity: String
    var unit: String

    /// Nothing weighs nothing: nobody has weighed it.
    var saysNothing: Bool { ExactDecimal(quantity)?.isZero == true }

    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> Measure {
        Measure(
            quantity: try WireQuantity.positive(quantity, "\(path)/quantity"),
            unit: try WireForm.unit(unit, "\(path)/unit"))
    }
}

/// A price per unit.
struct WirePrice: WirePart {
    var amount: String
    var currency: String

    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> Price {
        Price(
            amount: try WireQuantity.decimal(amount, "\(path)/amount"),
            currency: try WireForm.currency(currency, "\(path)/currency"))
    }
}
