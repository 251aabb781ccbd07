/// A store's order as it stands at one revision: what `order.placed.v1`, `order.amended.v1` and `order.cancelled.v1`
/// all restate in full, so that the newest revision alone is enough.
///
/// Amounts are in ``currency``. `totals` reconcile exactly: goods is the sum of the lines' amounts, and
/// total = goods − discount + shipping + tax.
public struct Order: Hashable, Sendable {
    /// The store's order number: the business key, and the envelope's `subject`.
    public var number: String
    /// Counts the restatements of this order from 1; equal to the envelope's `revision`.
    public var revision: Int64
    /// Who orders.
    public var customer: CustomerReference
    /// The person to ask about this order.
    public var contact: Contact
    /// The buyer's own purchase-order number.
    public var purchaseOrderNumber: String?
    /// Where the goods go.
    public var shipTo: Address
    /// Where the invoice goes.
    public var billTo: Address
    /// The shipping method's code, as agreed between store and ERP.
    public var shippingMethod: String
    /// The day the buyer wants the goods.
    public var requestedDate: CalendarDate?
    /// The warehouse the buyer would like to be served from.
    public var preferredWarehouse: String?
    /// How the order is paid.
    public var payment: Payment
    /// The currency of every amount in this order.
    public var currency: Currency
    /// At least one line; line ids are unique within the order.
    public var lines: [OrderLine]
    /// The sums.
    public var totals: OrderTotals
    /// Which figures of the order rest on a cached or estimated quote.
    public var fallbacks: [QuoteFallback]

    /// All fields in their order.
    public init(
        number: String, revision: Int64, customer: CustomerReference, contact: Contact,
        purchaseOrderNumber: String? = nil, shipTo: Address, billTo: Address, shippingMethod: String,
        requestedDate: CalendarDate? = nil, preferredWarehouse: String? = nil, payment: Payment, currency: Currency,
        lines: [OrderLine], totals: OrderTotals, fallbacks: [QuoteFallback] = []
    ) {
        self.number = number
        self.revision = revision
        self.customer = customer
        self.contact = contact
        self.purchaseOrderNumber = purchaseOrderNumber
        self.shipTo = shipTo
        self.billTo = billTo
        self.shippingMethod = shippingMethod
        self.requestedDate = requestedDate
        self.preferredWarehouse = preferredWarehouse
        self.payment = payment
        self.currency = currency
        self.lines = lines
        self.totals = totals
        self.fallbacks = fallbacks
    }
}

extension Order: ContractObject {
    static var blank: Order {
        Order(
            number: "", revision: 0, customer: .blank, contact: .blank, shipTo: .blank, billTo: .blank,
            shippingMethod: "",
            payment: .blank, currency: .blank, lines: [], totals: .blank)
    }
    static var schemaName: String { "Order" }
    static var summary: String {
        "A store's order at one revision, restated in full. Totals reconcile exactly: goods is the sum of the lines' amounts; "
            + "total = goods - discount + shipping + tax. Amounts have no more decimals than the currency's minor unit."
    }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("number", &number, .key, "The store's order number; equal to subject.")
        fields.field(
            "revision", &revision, .revision, "Counts the restatements of this order; equal to revision above.")
        fields.field("customer", &customer, "Who orders.")
        fields.field("contact", &contact, "The person to ask about this order.")
        fields.field("purchaseOrderNumber", &purchaseOrderNumber, .key, "The buyer's own purchase-order number.")
        fields.field("shipTo", &shipTo, "Where the goods go.")
        fields.field("billTo", &billTo, "Where the invoice goes.")
        fields.field("shippingMethod", &shippingMethod, .key, "The shipping method's code, as agreed with the ERP.")
        fields.field("requestedDate", &requestedDate, "The day the buyer wants the goods.")
        fields.field("preferredWarehouse", &preferredWarehouse, .key, "The warehouse the buyer would like.")
        fields.field("payment", &payment, "How the order is paid.")
        fields.field("currency", &currency, "The currency of every amount.")
        fields.field("lines", &lines, .list(1...10_000), "The positions; line ids are unique.")
        fields.field("totals", &totals, "The sums.")
        fields.field(
            "fallbacks", &fallbacks, .list(0...4), "Figures that rest on a cached or estimated quote, each once.")
        requirePurchaseOrderNumber(&fields)
        MoneyRules.describe(&fields)
    }

    private func requirePurchaseOrderNumber(_ fields: inout some FieldVisitor) {
        fields.rule(
            "required", at: "purchaseOrderNumber", of: ["purchaseOrderNumber", "payment"],
            holds: payment != .purchaseOrder || purchaseOrderNumber != nil,
            "is missing, and payment is by purchase order",
            schema: [
                "if": [
                    "properties": [
                        "payment": ["properties": ["method": ["const": "purchase-order"]], "required": ["method"]]
                    ]
                ],
                "then": [
                    "properties": ["purchaseOrderNumber": ["type": "string"]], "required": ["purchaseOrderNumber"],
                ],
            ])
    }

    func check(_ faults: inout FaultList) {
        MoneyRules(currency: currency, lines: lines, totals: totals).check(&faults)
        UniqueIDs.check(fallbacks, list: "fallbacks", member: "question", &faults) { $0.question.rawValue }
    }
}
