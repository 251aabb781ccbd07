internal import Models

/// Figures as the ERP states them. What can not be read of one figure costs that figure, and never makes another one wrong.
struct WireQuote: Decodable {
    struct Line: Decodable {
        var id: String
        var price: Part<Price>?
        var availability: Part<[Availability]>?
    }

    struct Price: Decodable {
        var unitPrice: String
        var amount: String
        var priceVersion: Part<String>?
    }

    struct Availability: Decodable {
        var warehouse: String
        var quantity: String
        var availableFrom: String?
    }

    struct Shipping: Decodable {
        var method: String
        var title: Part<String>?
        var amount: String
    }

    struct Tax: Decodable {
        var amount: String
    }

    struct Refusal: Decodable {
        var question: String
        var line: String?
        var code: String
        var text: String
    }

    var id: String
    var currency: String
    var lines: [Line]
    var shipping: Part<[Shipping]>?
    var tax: Part<Tax>?
    var refusals: [Refusal]
}

extension WireQuote.Price {
    /// Fails when amount and price are not of one another, to the minor unit: an order could not be made of them.
    func value(_ path: String, _ line: QuoteLine, _ currency: Currency) throws(WireFault) -> QuotedPrice {
        let unitPrice = try WireQuantity.decimal(unitPrice, "\(path)/unitPrice")
        let amount = try WireQuantity.money(amount, "\(path)/amount", currency)
        guard let product = line.quantity.multiplied(by: unitPrice, roundedTo: currency.minorUnits),
            let difference = amount.subtracting(product), let unit = ExactDecimal(units: 1, scale: currency.minorUnits),
            let limit = ExactDecimal.zero.subtracting(unit), difference <= unit, difference >= limit
        else { throw WireFault("\(path)/amount", "is not quantity x unitPrice") }
        return QuotedPrice(
            unitPrice: unitPrice, amount: amount, priceVersion: try version("\(path)/priceVersion"), basis: .live)
    }

    private func version(_ path: String) throws(WireFault) -> String? {
        guard let text = try priceVersion?.result.get(), !WireText.isBlank(text) else { return nil }
        return try WireText.key(text, path)
    }
}

extension WireQuote.Availability {
    func value(_ path: String) throws(WireFault) -> QuotedAvailability {
        var day: CalendarDate?
        if let availableFrom { day = try WireForm.day(availableFrom, "\(path)/availableFrom") }
        return QuotedAvailability(
            warehouse: try WireText.key(warehouse, "\(path)/warehouse"),
            quantity: try WireQuantity.read(quantity, "\(path)/quantity"), availableFrom: day, basis: .live)
    }
}

extension WireQuote.Shipping {
    func value(_ path: String, _ currency: Currency) throws(WireFault) -> QuotedShipping {
        let code = try WireText.key(method, "\(path)/method")
        let words = WireText.free(title?.value ?? "", atMost: 120)
        return QuotedShipping(
            method: code, title: words.isEmpty ? code : words,
            amount: try WireQuantity.money(amount, "\(path)/amount", currency), basis: .live)
    }
}

extension WireQuantity {
    /// An amount, without zeros behind the currency's last decimal.
    static func money(_ text: String, _ path: String, _ currency: Currency) throws(WireFault) -> ExactDecimal {
        let value = try decimal(text, path)
        guard value.scale > currency.minorUnits else { return value }
        guard value.significantScale <= currency.minorUnits, let short = value.rounded(to: currency.minorUnits) else {
            throw WireFault(path, "has more than \(currency.minorUnits) decimals")
        }
        return short
    }
}
