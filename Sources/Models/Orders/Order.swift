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

/// The buyer: an account that the ERP knows, or a registration that is still being decided.
public enum CustomerReference: Hashable, Sendable {
    /// The ERP's account number.
    case account(String)
    /// The store's registration id.
    case registration(String)
}

/// How an order is paid. Card data never enters a message.
public enum Payment: Hashable, Sendable {
    /// On the account's terms, against ``Order/purchaseOrderNumber``.
    case purchaseOrder
    /// Paid at the store; the payment provider's reference.
    case prepaid(reference: String)
}

/// One position of an order.
public struct OrderLine: Hashable, Sendable {
    /// Unique within the order and stable over its revisions.
    public var id: String
    /// The product.
    public var sku: String
    /// Greater than zero.
    public var quantity: ExactDecimal
    /// The UN/ECE Recommendation 20 code, for example `C62` (one) or `MTR` (metre).
    public var unit: UnitCode
    /// Per unit; up to six decimals.
    public var unitPrice: ExactDecimal
    /// quantity × unit price, rounded to the currency's minor unit.
    public var amount: ExactDecimal
    /// Which published price list said so.
    public var priceVersion: String?

    /// All fields in their order.
    public init(
        id: String, sku: String, quantity: ExactDecimal, unit: UnitCode, unitPrice: ExactDecimal, amount: ExactDecimal,
        priceVersion: String? = nil
    ) {
        self.id = id
        self.sku = sku
        self.quantity = quantity
        self.unit = unit
        self.unitPrice = unitPrice
        self.amount = amount
        self.priceVersion = priceVersion
    }
}

/// The sums of an order, in its currency's minor-unit precision.
public struct OrderTotals: Hashable, Sendable {
    /// The sum of the lines' amounts.
    public var goods: ExactDecimal
    /// Subtracted; zero or more.
    public var discount: ExactDecimal
    /// Freight.
    public var shipping: ExactDecimal
    /// All taxes.
    public var tax: ExactDecimal
    /// goods − discount + shipping + tax.
    public var total: ExactDecimal

    /// All fields in their order.
    public init(
        goods: ExactDecimal, discount: ExactDecimal, shipping: ExactDecimal, tax: ExactDecimal, total: ExactDecimal
    ) {
        self.goods = goods
        self.discount = discount
        self.shipping = shipping
        self.tax = tax
        self.total = total
    }
}

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
    /// When the cached answer was taken from the ERP.
    public var asOf: Timestamp?

    /// All fields in their order.
    public init(question: Question, basis: Basis, asOf: Timestamp? = nil) {
        self.question = question
        self.basis = basis
        self.asOf = asOf
    }
}
