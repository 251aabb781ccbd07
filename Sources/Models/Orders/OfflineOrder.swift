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

extension OfflineOrder: ContractObject {
    static var blank: OfflineOrder {
        OfflineOrder(
            number: "", revision: 0, account: "", placedAt: .blank, shipTo: .blank, currency: .blank, lines: [],
            totals: .blank, state: .blank, lineStatuses: [])
    }
    static var schemaName: String { "OfflineOrder" }
    static var summary: String { "An order keyed in the ERP, with its status, restated in full at each change." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("number", &number, .key, "The ERP's order number; equal to subject.")
        fields.field("revision", &revision, .revision, "Counts the restatements; equal to revision above.")
        fields.field("account", &account, .key, "The account it was keyed for.")
        fields.field("purchaseOrderNumber", &purchaseOrderNumber, .key, "The buyer's own purchase-order number.")
        fields.field("placedAt", &placedAt, "When it was keyed.")
        fields.field("shipTo", &shipTo, "Where the goods go.")
        fields.field("currency", &currency, "The currency of every amount.")
        fields.field("lines", &lines, .list(1...10_000), "The positions; line ids are unique.")
        fields.field("totals", &totals, "The sums.")
        fields.field("state", &state, "The whole order in one word.")
        fields.field("lineStatuses", &lineStatuses, .list(0...10_000), "One per line, by its id.")
        MoneyRules.describe(&fields)
    }

    func check(_ faults: inout FaultList) {
        MoneyRules(currency: currency, lines: lines, totals: totals).check(&faults)
        UniqueIDs.check(lineStatuses.map(\.lineID), list: "lineStatuses", member: "lineId", &faults)
        guard faults.isSound(.name("lines")), faults.isSound(.name("lineStatuses")) else { return }
        let known = Set(lines.map(\.id))
        for (index, status) in lineStatuses.enumerated() where !known.contains(status.lineID) {
            faults.report(
                "matches", at: .name("lineStatuses"), .index(index), .name("lineId"), value: status.lineID,
                says: "must be the id of one of the lines")
        }
    }
}
