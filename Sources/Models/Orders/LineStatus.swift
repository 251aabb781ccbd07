/// What the ERP says of one order line.
public struct LineStatus: Hashable, Sendable {
    /// The order line's id.
    public var lineID: String
    /// The product that was ordered.
    public var sku: String
    /// The canonical status (compare X12 855 ACK01).
    public var status: Status
    /// Quantities in the line's unit.
    public var quantities: Quantities
    /// The warehouse that serves the line.
    public var warehouse: String?
    /// When the open part is promised.
    public var promisedDate: CalendarDate?
    /// The product sent instead, when substituted.
    public var substituteSKU: String?
    /// Why.
    public var reason: OrderStatus.Reason?

    /// The canonical line statuses.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case accepted
        case acceptedWithChanges = "accepted-with-changes"
        case backordered
        case partiallyBackordered = "partially-backordered"
        case substituted
        case onHold = "on-hold"
        case cancelled, rejected
        case tooLateToAmend = "too-late-to-amend"
    }

    /// Zero or more each.
    public struct Quantities: Hashable, Sendable {
        /// What the ERP's order line says was ordered.
        public var ordered: ExactDecimal
        /// Reserved from stock.
        public var allocated: ExactDecimal
        /// Gone.
        public var shipped: ExactDecimal
        /// Waiting for stock.
        public var backordered: ExactDecimal

        /// All fields in their order.
        public init(ordered: ExactDecimal, allocated: ExactDecimal, shipped: ExactDecimal, backordered: ExactDecimal) {
            self.ordered = ordered
            self.allocated = allocated
            self.shipped = shipped
            self.backordered = backordered
        }
    }

    /// All fields in their order.
    public init(
        lineID: String, sku: String, status: Status, quantities: Quantities, warehouse: String? = nil,
        promisedDate: CalendarDate? = nil, substituteSKU: String? = nil, reason: OrderStatus.Reason? = nil
    ) {
        self.lineID = lineID
        self.sku = sku
        self.status = status
        self.quantities = quantities
        self.warehouse = warehouse
        self.promisedDate = promisedDate
        self.substituteSKU = substituteSKU
        self.reason = reason
    }
}

extension LineStatus: ContractObject {
    static var blank: LineStatus {
        LineStatus(lineID: "", sku: "", status: .blank, quantities: .blank)
    }
    static var schemaName: String { "LineStatus" }
    static var summary: String { "What the ERP says of one order line." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("lineId", &lineID, .key, "The order line's id.")
        fields.field("sku", &sku, .key, "The product that was ordered.")
        fields.field("status", &status, "The canonical status.")
        fields.field("quantities", &quantities, "In the line's unit.")
        fields.field("warehouse", &warehouse, .key, "The warehouse that serves the line.")
        fields.field("promisedDate", &promisedDate, "When the open part is promised.")
        fields.field("substituteSku", &substituteSKU, .key, "The product sent instead.")
        fields.field("reason", &reason, "Why.")
        fields.rule(
            "required", at: "substituteSku", of: ["status", "substituteSku"],
            holds: status != .substituted || substituteSKU != nil, "is missing, and the line is substituted",
            schema: [
                "if": ["properties": ["status": ["const": "substituted"]]],
                "then": ["properties": ["substituteSku": ["type": "string"]], "required": ["substituteSku"]],
            ])
    }
}

extension LineStatus {
    mutating func degrade() {
        if status == .substituted, substituteSKU == nil { status = .acceptedWithChanges }
    }
}

extension LineStatus.Status: ContractChoice {
    static let blank = Self.accepted
}

extension LineStatus.Quantities: ContractObject {
    static var blank: LineStatus.Quantities {
        LineStatus.Quantities(ordered: .zero, allocated: .zero, shipped: .zero, backordered: .zero)
    }
    static var schemaName: String { "Quantities" }
    static var summary: String { "Where the ordered quantity is." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("ordered", &ordered, .openQuantity, "What the ERP's order line says was ordered.")
        fields.field("allocated", &allocated, .openQuantity, "Reserved from stock.")
        fields.field("shipped", &shipped, .openQuantity, "Gone.")
        fields.field("backordered", &backordered, .openQuantity, "Waiting for stock.")
    }
}
