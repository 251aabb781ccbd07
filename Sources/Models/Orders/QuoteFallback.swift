/// A figure of the order that was not answered live by the ERP when the buyer saw it.
public struct QuoteFallback: Hashable, Sendable {
    /// What the store had to answer itself.
    public enum Question: String, Hashable, Sendable, CaseIterable {
        case price, availability, shipping, tax
    }

    /// What the answer rests on.
    public enum Basis: String, Hashable, Sendable, CaseIterable {
        case cached, estimated
    }

    /// The question.
    public var question: Question
    /// The basis of its answer.
    public var basis: Basis
    /// When the cached answer was taken from the ERP; required of one.
    public var asOf: Timestamp?

    /// All fields in their order.
    public init(question: Question, basis: Basis, asOf: Timestamp? = nil) {
        self.question = question
        self.basis = basis
        self.asOf = asOf
    }
}

extension QuoteFallback: ContractObject {
    static var blank: QuoteFallback {
        QuoteFallback(question: .blank, basis: .blank)
    }
    static var schemaName: String { "QuoteFallback" }
    static var summary: String { "A figure that was not answered live by the ERP when the buyer saw it." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("question", &question, "What the store had to answer itself.")
        fields.field("basis", &basis, "What the answer rests on.")
        fields.field("asOf", &asOf, "When the cached answer was taken from the ERP.")
        fields.rule(
            "required", at: "asOf", of: ["basis", "asOf"], holds: basis != .cached || asOf != nil,
            "is missing, and the answer is cached",
            schema: [
                "if": ["properties": ["basis": ["const": "cached"]]],
                "then": [
                    "properties": ["asOf": ["not": ["type": "null"]]], "required": ["asOf"],
                ],
            ])
    }
}

extension QuoteFallback.Question: ContractChoice {
    static let blank = Self.price
}

extension QuoteFallback.Basis: ContractChoice {
    static let blank = Self.cached
}
