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
    /// Why, in words for the buyer.
    public var reason: Reason?
    /// One per order line that the ERP knows.
    public var lines: [LineStatus]

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
    }

    /// All fields in their order.
    public init(
        number: String, revision: Int64, erpNumber: String? = nil, answeredRevision: Int64, state: State,
        reason: Reason? = nil, lines: [LineStatus]
    ) {
        self.number = number
        self.revision = revision
        self.erpNumber = erpNumber
        self.answeredRevision = answeredRevision
        self.state = state
        self.reason = reason
        self.lines = lines
    }
}

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
