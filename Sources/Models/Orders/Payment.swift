/// How an order is paid. Card data never enters a message.
public enum Payment: Hashable, Sendable {
    /// On the account's terms, against ``Order/purchaseOrderNumber``.
    case purchaseOrder
    /// Paid at the store; the payment provider's reference.
    case prepaid(reference: String)

    /// The way of payment, as messages spell it.
    public var method: String { parts.0.rawValue }
    /// The payment provider's reference, where there is one.
    public var reference: String? { parts.reference }
}

extension Payment: ContractObject {
    /// The word that tells the ways of payment apart.
    private enum Method: String, ContractChoice {
        case purchaseOrder = "purchase-order"
        case prepaid

        static let blank = Method.purchaseOrder
    }

    static let blank = Payment.purchaseOrder
    static var schemaName: String { "Payment" }
    static var summary: String { "How the order is paid. Card data has no place here." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        var (method, reference) = parts
        fields.field("method", &method, "On the account's terms against purchaseOrderNumber, or paid at the store.")
        fields.field(
            "reference", &reference, .paymentReference,
            "The payment provider's reference of a prepaid order; never a card number.")
        fields.rule(
            "required", at: "reference", of: ["method", "reference"], holds: method != .prepaid || reference != nil,
            "is missing, and payment is prepaid",
            schema: [
                "if": ["properties": ["method": ["const": "prepaid"]]],
                "then": ["properties": ["reference": ["type": "string"]], "required": ["reference"]],
            ])
        self = method == .prepaid ? .prepaid(reference: reference ?? "") : .purchaseOrder
    }

    private var parts: (Method, reference: String?) {
        switch self {
        case .purchaseOrder: (.purchaseOrder, nil)
        case .prepaid(let reference): (.prepaid, reference)
        }
    }
}
