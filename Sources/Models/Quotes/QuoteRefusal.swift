/// A figure that is not given, and why: a wrong one would cost more than none.
public struct QuoteRefusal: Hashable, Sendable {
    /// What was asked.
    public var question: QuoteFallback.Question
    /// The id of the line it was asked of; nil when nothing is answered of any.
    public var line: String?
    /// Stable and dotted, for example `sku.unknown` or `price.unknown`.
    public var code: String
    /// For the buyer or the service representative.
    public var text: String

    /// All fields in their order.
    public init(question: QuoteFallback.Question, line: String? = nil, code: String, text: String) {
        self.question = question
        self.line = line
        self.code = code
        self.text = text
    }
}

extension QuoteRefusal: ContractObject {
    static var blank: QuoteRefusal { QuoteRefusal(question: .blank, code: "", text: "") }
    static var schemaName: String { "QuoteRefusal" }
    static var summary: String { "A figure that is not given, and why." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("question", &question, "What was asked.")
        fields.field("line", &line, .key, "The id of the line it was asked of; missing when none is answered.")
        fields.field("code", &code, .key, "Stable and dotted, for example sku.unknown or price.unknown.")
        fields.field(
            "text", &text, .text(0...OrderStatus.Reason.longestText), "For the buyer or the service representative.")
    }

    mutating func degrade() {
        if !code.faults(.key).isEmpty { code = OrderStatus.Reason.unspecified }
    }
}
