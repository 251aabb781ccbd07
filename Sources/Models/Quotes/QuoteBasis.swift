/// What a figure of a quote rests on.
public struct QuoteBasis: Hashable, Sendable {
    /// Where the figure comes from.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The ERP said so, to this question.
        case live
        /// The ERP said so before; ``QuoteBasis/asOf`` tells when.
        case cached
        /// Reckoned from configured tables: the ERP never said so.
        case estimated
    }

    /// Where the figure comes from.
    public var kind: Kind
    /// When the ERP said so; required of a cached figure. Of an estimate, how old is what it was reckoned from.
    public var asOf: Timestamp?

    /// All fields in their order.
    public init(kind: Kind, asOf: Timestamp? = nil) {
        self.kind = kind
        self.asOf = asOf
    }

    /// The ERP said so, to this question.
    public static let live = QuoteBasis(kind: .live)
}

extension QuoteBasis: ContractObject {
    static var blank: QuoteBasis { QuoteBasis(kind: .blank) }
    static var schemaName: String { "QuoteBasis" }
    static var summary: String { "What a figure of a quote rests on." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field(
            "kind", &kind, "Said by the ERP to this question, said by it before, or reckoned from configured tables.")
        fields.field("asOf", &asOf, "When the ERP said so; of an estimate, how old is what it was reckoned from.")
        fields.rule(
            "required", at: "asOf", of: ["kind", "asOf"], holds: kind != .cached || asOf != nil,
            "is missing, and the figure is cached",
            schema: [
                "if": ["properties": ["kind": ["const": "cached"]]],
                "then": ["properties": ["asOf": ["not": ["type": "null"]]], "required": ["asOf"]],
            ])
    }
}

extension QuoteBasis.Kind: ContractChoice {
    static let blank = Self.live
}
