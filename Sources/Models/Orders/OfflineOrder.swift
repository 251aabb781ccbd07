/// An order keyed in the ERP, by telephone say, restated in full: the body of `order.offline.v1`.
public struct OfflineOrder: Hashable, Sendable {
    /// The ERP's order number: the business key, and the envelope's `subject`.
    public var number: String
    /// Counts the restatements from 1; equal to the envelope's `revision`.
    public var revision: Int64
    /// The account it was keyed for.
    public var account: String
    /// The buyer's own purchase-order number.
    public var purchaseOrderNumber: String?
    /// When it was keyed.
    public var placedAt: Timestamp
    /// Where the goods go.
    public var shipTo: Address
    /// The currency of every amount.
    public var currency: Currency
    /// The positions.
    public var lines: [OrderLine]
    /// The sums.
    public var totals: OrderTotals
    /// The whole order in one word.
    public var state: OrderStatus.State
    /// One per line.
    public var lineStatuses: [LineStatus]

    /// All fields in their order.
    public init(
        number: String, revision: Int64, account: String, purchaseOrderNumber: String? = nil, placedAt: Timestamp,
        shipTo: Address, currency: Currency, lines: [OrderLine], totals: OrderTotals, state: OrderStatus.State,
        lineStatuses: [LineStatus]
    ) {
        self.number = number
        self.revision = revision
        self.account = account
        self.purchaseOrderNumber = purchaseOrderNumber
        self.placedAt = placedAt
        self.shipTo = shipTo
        self.currency = currency
        self.lines = lines
        self.totals = totals
        self.state = state
        self.lineStatuses = lineStatuses
    }
}
