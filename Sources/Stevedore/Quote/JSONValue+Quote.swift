internal import Fleet
internal import Models

extension JSONValue {
    /// An answer, its members named as in its contract.
    init(_ answer: QuoteAnswer) {
        self = [
            "currency": .string(answer.currency.code), "answeredAt": .string(answer.answeredAt.description),
            "lines": .array(answer.lines.map { JSONValue($0) }),
            "shipping": .array(answer.shipping.map { JSONValue($0) }),
            "tax": answer.tax.map { tax -> JSONValue in
                ["amount": .string(tax.amount.description), "basis": JSONValue(tax.basis)]
            } ?? .null,
            "refusals": .array(answer.refusals.map { JSONValue($0) }),
        ]
    }

    private init(_ line: QuotedLine) {
        self = [
            "id": .string(line.id), "sku": .string(line.sku), "price": line.price.map { JSONValue($0) } ?? .null,
            "availability": .array(line.availability.map { JSONValue($0) }),
        ]
    }

    private init(_ price: QuotedPrice) {
        self = [
            "unitPrice": .string(price.unitPrice.description), "amount": .string(price.amount.description),
            "priceVersion": .optional(price.priceVersion), "basis": JSONValue(price.basis),
        ]
    }

    private init(_ stock: QuotedAvailability) {
        self = [
            "warehouse": .string(stock.warehouse), "quantity": .string(stock.quantity.description),
            "availableFrom": .optional(stock.availableFrom?.description), "basis": JSONValue(stock.basis),
        ]
    }

    private init(_ way: QuotedShipping) {
        self = [
            "method": .string(way.method), "title": .string(way.title), "amount": .string(way.amount.description),
            "basis": JSONValue(way.basis),
        ]
    }

    private init(_ refusal: QuoteRefusal) {
        self = [
            "question": .string(refusal.question.rawValue), "line": .optional(refusal.line),
            "code": .string(refusal.code), "text": .string(refusal.text),
        ]
    }

    private init(_ basis: QuoteBasis) {
        self = ["kind": .string(basis.kind.rawValue), "asOf": .optional(basis.asOf?.description)]
    }
}
