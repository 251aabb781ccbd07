/// The ERP's answer to an order, restated in full at each change: the body of `order.status.v1`.
public struct OrderStatus: Hashable, Sendable {
    /// The store's order number: the business key, and the envelope's `subject`.
    public var number: String
    /// Counts the restatements of this status from 1; equal to the envelope's `revision`.
    public var revision: Int64
    /// The ERP's own number, once it has one.
    public var erpNumber: String?
    /// The order revision that this status answers.
    public var answeredRevision: Int64
    /// The whole order in one word.
    public var state: State
    /// Why, in words for the buyer; required of a rejected order.
    public var reason: Reason?
    /// One per order line that the ERP knows.
    public var lines: [LineStatus]
    /// What the ERP charges for those figures of the order that rested on a quote not live; each figure once. Nil where there
    /// is none, or where the ERP has not said.
    public var settlements: [QuoteSettlement]?

    /// The states of a whole order.
    public enum State: String, Hashable, Sendable, CaseIterable {
        case received, accepted, held
        case partiallyShipped = "partially-shipped"
        case shipped, cancelled, rejected
    }

    /// A stable code and a sentence.
    public struct Reason: Hashable, Sendable {
        /// Stable and dotted, for example `credit.hold`.
        public var code: String
        /// For the buyer or the service representative.
        public var text: String

        /// All fields in their order.
        public init(code: String, text: String) {
            self.code = code
            self.text = text
        }

        /// A reason whose text is another system's: made to fit (``FreeText``).
        public init(code: String, fitting text: String) {
            self.init(code: code, text: FreeText.fitting(text, in: Reason.longestText))
        }

        /// The longest ``text``, in Unicode scalars.
        public static let longestText = 2000
        /// The code of a reason that came without one that can be passed on.
        public static let unspecified = "unspecified"
    }

    /// All fields in their order.
    public init(
        number: String, revision: Int64, erpNumber: String? = nil, answeredRevision: Int64, state: State,
        reason: Reason? = nil, lines: [LineStatus], settlements: [QuoteSettlement]? = nil
    ) {
        self.number = number
        self.revision = revision
        self.erpNumber = erpNumber
        self.answeredRevision = answeredRevision
        self.state = state
        self.reason = reason
        self.lines = lines
        self.settlements = settlements
    }
}

extension OrderStatus: ContractObject {
    static var blank: OrderStatus {
        OrderStatus(number: "", revision: 0, answeredRevision: 0, state: .blank, lines: [])
    }
    static var schemaName: String { "OrderStatus" }
    static var summary: String { "The ERP's answer to an order, restated in full at each change." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("number", &number, .key, "The store's order number; equal to subject.")
        fields.field(
            "revision", &revision, .revision, "Counts the restatements of this status; equal to revision above.")
        fields.field("erpNumber", &erpNumber, .key, "The ERP's own number, once it has one.")
        fields.field("answeredRevision", &answeredRevision, .revision, "The order revision that this status answers.")
        fields.field("state", &state, "The whole order in one word.")
        fields.field("reason", &reason, "Why.")
        fields.field("lines", &lines, .list(0...10_000), "One per order line that the ERP knows.")
        fields.field(
            "settlements", &settlements, .list(1...3),
            "What the ERP charges for figures of the order that rested on a cached or estimated quote, each once.")
        fields.rule(
            "required", at: "reason", of: ["state", "reason"], holds: state != .rejected || reason != nil,
            "is missing, and the order is rejected",
            schema: [
                "if": ["properties": ["state": ["const": "rejected"]]],
                "then": ["properties": ["reason": ["type": "object"]], "required": ["reason"]],
            ])
    }

    func check(_ faults: inout FaultList) {
        UniqueIDs.check(lines, list: "lines", member: "lineId", &faults) { $0.lineID }
        guard let settlements else { return }
        UniqueIDs.check(settlements, list: "settlements", member: "question", &faults) { $0.question.rawValue }
        for (index, settlement) in settlements.enumerated()
        where faults.isSound(.name("settlements"), .index(index)) {
            settlement.check(&faults, at: index)
        }
    }

    mutating func degrade() {
        if state == .rejected, reason == nil {
            reason = Reason(code: Reason.unspecified, text: "The ERP gave no reason.")
        }
        settlements?.removeAll { !$0.isSound }
        if settlements?.isEmpty == true { settlements = nil }
    }
}

extension OrderStatus.State: ContractChoice {
    static let blank = Self.received
}

extension OrderStatus.Reason: ContractObject {
    static var blank: OrderStatus.Reason {
        OrderStatus.Reason(code: "", text: "")
    }
    static var schemaName: String { "Reason" }
    static var summary: String { "A stable code and a sentence." }

    mutating func degrade() {
        if !code.faults(.key).isEmpty { code = Self.unspecified }
    }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("code", &code, .key, "Stable and dotted, for example credit.hold.")
        fields.field(
            "text", &text, .text(0...OrderStatus.Reason.longestText), "For the buyer or the service representative.")
    }
}
