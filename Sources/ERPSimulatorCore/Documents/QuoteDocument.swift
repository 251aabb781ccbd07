/// Figures, as they are told.
struct QuoteDocument: Encodable {
    struct Line: Encodable {
        var id: String
        var price: Price?
        var availability: [Availability]?
    }

    struct Price: Encodable {
        var unitPrice: String
        var amount: String
        var priceVersion: String?
    }

    struct Availability: Encodable {
        var warehouse: String
        var quantity: String
        var availableFrom: String?
    }

    struct Shipping: Encodable {
        var method: String
        var title: String
        var amount: String
    }

    struct Tax: Encodable {
        var amount: String
    }

    struct Refusal: Encodable {
        var question: IncomingQuestion.Subject
        var line: String?
        var code: String
        var text: String
    }

    var id: String
    var currency: String
    var lines: [Line] = []
    var shipping: [Shipping]?
    var tax: Tax?
    var refusals: [Refusal] = []

    /// Says why there is no figure.
    mutating func refuse(_ question: IncomingQuestion.Subject, _ line: String?, _ why: Unquoted) {
        refusals.append(Refusal(question: question, line: line, code: why.code, text: why.text))
    }
}

/// Why there is no figure.
struct Unquoted: Error {
    var code: String
    var text: String

    static func sku(_ sku: String) -> Unquoted { Unquoted(code: "sku.unknown", text: "There is no product \(sku).") }

    static func unit(_ line: IncomingQuestion.Line) -> Unquoted {
        Unquoted(code: "unit.unknown", text: "\(line.sku) is not sold in \(line.unit).")
    }

    static func price(_ sku: String) -> Unquoted {
        Unquoted(code: "price.unknown", text: "There is no price of \(sku) for this customer.")
    }
}
