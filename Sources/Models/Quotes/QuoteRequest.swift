/// A store's question for figures before an order is placed: the body of `quote.requested.v1`.
///
/// It is asked once and never restated. The answer, a ``QuoteAnswer``, goes to the queue that the AMQP property `reply-to`
/// names; the property `expiration` is how long the asker waits for it.
public struct QuoteRequest: Hashable, Sendable {
    /// The store's id of the question: the business key, and the envelope's `subject`.
    public var id: String
    /// Always 1: another question has another id. Equal to the envelope's `revision`.
    public var revision: Int64
    /// Who asks.
    public var customer: CustomerReference
    /// The currency of every amount in the question and in its answer.
    public var currency: Currency
    /// What is asked; at least one question, each once.
    public var questions: [QuoteFallback.Question]
    /// Where the goods would go; required of a question for shipping or tax.
    public var shipTo: Address?
    /// The only shipping method that is asked for, by its code; nil asks for all.
    public var shippingMethod: String?
    /// What would be bought: 1 to 500 lines, whose ids are unique.
    public var lines: [QuoteLine]

    /// How many lines a question has at most.
    public static let mostLines = 500

    /// All fields in their order.
    public init(
        id: String, revision: Int64 = 1, customer: CustomerReference, currency: Currency,
        questions: [QuoteFallback.Question], shipTo: Address? = nil, shippingMethod: String? = nil, lines: [QuoteLine]
    ) {
        self.id = id
        self.revision = revision
        self.customer = customer
        self.currency = currency
        self.questions = questions
        self.shipTo = shipTo
        self.shippingMethod = shippingMethod
        self.lines = lines
    }
}

extension QuoteRequest: ContractObject {
    static var blank: QuoteRequest {
        QuoteRequest(id: "", revision: 0, customer: .blank, currency: .blank, questions: [], lines: [])
    }
    static var schemaName: String { "QuoteRequest" }
    static var summary: String {
        "A store's question for figures before an order is placed: asked once, never restated."
    }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("id", &id, .key, "The store's id of the question; equal to subject.")
        fields.field("revision", &revision, .once, "Always 1; equal to revision above.")
        fields.field("customer", &customer, "Who asks.")
        fields.field("currency", &currency, "The currency of every amount here and in the answer.")
        fields.field("questions", &questions, .list(1...4), "What is asked, each once.")
        fields.field("shipTo", &shipTo, "Where the goods would go; required for shipping and tax.")
        fields.field(
            "shippingMethod", &shippingMethod, .key, "The only shipping method asked for; missing asks for all.")
        fields.field("lines", &lines, .list(1...Self.mostLines), "What would be bought; line ids are unique.")
        requirePlace(&fields)
        describeOnce(&fields)
    }

    private func requirePlace(_ fields: inout some FieldVisitor) {
        fields.rule(
            "required", at: "shipTo", of: ["questions", "shipTo"], holds: shipTo != nil || !needsPlace,
            "is missing, and shipping or tax is asked for",
            schema: [
                "if": [
                    "properties": ["questions": ["contains": ["enum": ["shipping", "tax"]]]], "required": ["questions"],
                ],
                "then": ["properties": ["shipTo": ["type": "object"]], "required": ["shipTo"]],
            ])
    }

    private var needsPlace: Bool { questions.contains { $0 == .shipping || $0 == .tax } }

    /// The part of ``check(_:)`` that a schema can say.
    private func describeOnce(_ fields: inout some FieldVisitor) {
        fields.rule(
            "unique", at: "questions", of: [], holds: true, "",
            schema: ["properties": ["questions": ["uniqueItems": true]]])
    }

    func check(_ faults: inout FaultList) {
        UniqueIDs.check(lines, list: "lines", member: "id", &faults) { $0.id }
        guard faults.isSound(.name("questions")) else { return }
        for (index, question) in questions.enumerated() where questions[..<index].contains(question) {
            faults.report(
                "unique", at: .name("questions"), .index(index), value: question.rawValue,
                says: "is asked by an earlier element too")
        }
    }
}
