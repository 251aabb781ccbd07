/// An order keyed in the ERP, by telephone say, restated in full: the body of `order.offline.v1`. It is an ``Order`` and its
/// status in one; what an ERP may not know of an order that it keyed itself may be missing.
public struct OfflineOrder: Hashable, Sendable {
    /// The ERP's order number: the business key, and the envelope's `subject`.
    public var number: String
    /// Counts the restatements from 1; equal to the envelope's `revision`.
    public var revision: Int64
    /// The account it was keyed for; in the message, the order's `customer`.
    public var account: String
    /// The person to ask about this order.
    public var contact: Contact?
    /// The buyer's own purchase-order number.
    public var purchaseOrderNumber: String?
    /// When it was keyed.
    public var placedAt: Timestamp
    /// Where the goods go.
    public var shipTo: Address
    /// Where the invoice goes.
    public var billTo: Address?
    /// The shipping method's code, as agreed between store and ERP.
    public var shippingMethod: String?
    /// The day the buyer wants the goods.
    public var requestedDate: CalendarDate?
    /// The warehouse the buyer would like to be served from.
    public var preferredWarehouse: String?
    /// How the order is paid.
    public var payment: Payment?
    /// The currency of every amount.
    public var currency: Currency
    /// The positions.
    public var lines: [OrderLine]
    /// The sums.
    public var totals: OrderTotals
    /// The whole order in one word.
    public var state: OrderStatus.State
    /// Why, in words for the buyer.
    public var reason: OrderStatus.Reason?
    /// Exactly one per line, by its id.
    public var lineStatuses: [LineStatus]

    /// All fields in their order.
    public init(
        number: String, revision: Int64, account: String, contact: Contact? = nil, purchaseOrderNumber: String? = nil,
        placedAt: Timestamp, shipTo: Address, billTo: Address? = nil, shippingMethod: String? = nil,
        requestedDate: CalendarDate? = nil, preferredWarehouse: String? = nil, payment: Payment? = nil,
        currency: Currency, lines: [OrderLine], totals: OrderTotals, state: OrderStatus.State,
        reason: OrderStatus.Reason? = nil, lineStatuses: [LineStatus]
    ) {
        self.number = number
        self.revision = revision
        self.account = account
        self.contact = contact
        self.purchaseOrderNumber = purchaseOrderNumber
        self.placedAt = placedAt
        self.shipTo = shipTo
        self.billTo = billTo
        self.shippingMethod = shippingMethod
        self.requestedDate = requestedDate
        self.preferredWarehouse = preferredWarehouse
        self.payment = payment
        self.currency = currency
        self.lines = lines
        self.totals = totals
        self.state = state
        self.reason = reason
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
    static var summary: String {
        "An order keyed in the ERP: the shape of an order and of its status in one, restated in full at each change. What the ERP may not know is optional."
    }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("number", &number, .key, "The ERP's order number; equal to subject.")
        fields.field("revision", &revision, .revision, "Counts the restatements; equal to revision above.")
        visitCustomer(&fields)
        fields.field("contact", &contact, "The person to ask about this order.")
        fields.field("purchaseOrderNumber", &purchaseOrderNumber, .key, "The buyer's own purchase-order number.")
        fields.field("placedAt", &placedAt, "When it was keyed.")
        fields.field("shipTo", &shipTo, "Where the goods go.")
        fields.field("billTo", &billTo, "Where the invoice goes.")
        fields.field("shippingMethod", &shippingMethod, .key, "The shipping method's code, as agreed with the ERP.")
        fields.field("requestedDate", &requestedDate, "The day the buyer wants the goods.")
        fields.field("preferredWarehouse", &preferredWarehouse, .key, "The warehouse the buyer would like.")
        fields.field("payment", &payment, "How the order is paid.")
        fields.field("currency", &currency, "The currency of every amount.")
        fields.field("lines", &lines, .list(1...10_000), "The positions; line ids are unique.")
        fields.field("totals", &totals, "The sums.")
        fields.field("state", &state, "The whole order in one word.")
        fields.field("reason", &reason, "Why.")
        fields.field(
            "lineStatuses", &lineStatuses, .list(1...10_000), "Exactly one per line, by its id and with its SKU.")
        MoneyRules.describe(&fields)
    }

    private mutating func visitCustomer(_ fields: inout some FieldVisitor) {
        var customer = CustomerReference.account(account)
        fields.field("customer", &customer, "The account it was keyed for.")
        var isAccount = false
        if case .account(let number) = customer { (account, isAccount) = (number, true) }
        fields.rule(
            "account", at: "customer", of: ["customer"], holds: isAccount,
            "must be an account: an ERP keys no orders for registrations",
            schema: ["properties": ["customer": ["required": ["account"]]]])
    }

    func check(_ faults: inout FaultList) {
        MoneyRules(currency: currency, lines: lines, totals: totals).check(&faults)
        UniqueIDs.check(lineStatuses, list: "lineStatuses", member: "lineId", &faults) { $0.lineID }
        guard faults.isSound(.name("lines")), faults.isSound(.name("lineStatuses")) else { return }
        checkStatuses(&faults)
    }

    /// Each status is of one of the lines, and each line has one. By bytes, as ids are.
    private func checkStatuses(_ faults: inout FaultList) {
        var open: [[UInt8]: Int] = [:]
        for (index, line) in lines.enumerated() { open[Array(line.id.utf8)] = index }
        for (index, status) in lineStatuses.enumerated() {
            guard let line = open.removeValue(forKey: Array(status.lineID.utf8)) else {
                faults.report(
                    "matches", at: .name("lineStatuses"), .index(index), .name("lineId"), value: status.lineID,
                    says: "must be the id of one of the lines")
                continue
            }
            let isOther = !status.sku.utf8.elementsEqual(lines[line].sku.utf8)
            guard isOther, status.status != .substituted else { continue }
            faults.report(
                "matches", at: .name("lineStatuses"), .index(index), .name("sku"), value: status.sku,
                says: "must be the line's, \(lines[line].sku), unless it is substituted")
        }
        for line in open.values.sorted() {
            faults.report(
                "matches", at: .name("lines"), .index(line), .name("id"), value: lines[line].id,
                says: "must have its status in lineStatuses")
        }
    }
}
