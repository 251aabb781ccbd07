/// How an account pays.
public struct PaymentTerms: Hashable, Sendable {
    /// The ERP's code, for example `NET30`.
    public var code: String
    /// In words for the buyer.
    public var text: String?
    /// Days from the invoice until it is due.
    public var netDays: Int64?

    /// All fields in their order.
    public init(code: String, text: String? = nil, netDays: Int64? = nil) {
        self.code = code
        self.text = text
        self.netDays = netDays
    }
}

extension PaymentTerms: ContractObject {
    static var blank: PaymentTerms { PaymentTerms(code: "") }
    static var schemaName: String { "PaymentTerms" }
    static var summary: String { "How an account pays." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("code", &code, .key, "The ERP's code, for example NET30.")
        fields.field("text", &text, .text(0...500), "In words for the buyer.")
        fields.field("netDays", &netDays, .days, "Days from the invoice until it is due.")
    }
}
