import Foundation
import Models

/// Messages as Foundation decodes them: text for everything that has a grammar of its own.
struct PlainEvent<Body: Decodable>: Decodable {
    var data: Body
}

struct PlainNames: Decodable {
    var id: String
    var subject: String
}

/// A time by its moment, however it is written.
struct PlainTime: Decodable, Equatable {
    var time: Timestamp?

    init(_ time: Timestamp) {
        self.time = time
    }

    init(from decoder: any Decoder) throws {
        time = Timestamp(rfc3339: try decoder.singleValueContainer().decode(String.self))
    }
}

struct PlainLine: Decodable, Equatable {
    var id, sku, quantity, unit, unitPrice, amount: String
    var priceVersion: String?

    init(_ line: OrderLine) {
        (id, sku, quantity) = (line.id, line.sku, line.quantity.description)
        (unit, unitPrice, amount) = (line.unit.code, line.unitPrice.description, line.amount.description)
        priceVersion = line.priceVersion
    }
}

struct PlainPlace: Decodable, Equatable {
    var company: String?
    var name: String
    var street: [String]
    var city: String
    var region, postalCode: String?
    var country: String

    init(_ address: Address) {
        (company, name, street, city) = (address.company, address.name, address.street, address.city)
        (region, postalCode, country) = (address.region, address.postalCode, address.country.code)
    }
}

struct PlainContact: Decodable, Equatable {
    var name, email: String
    var phone: String?

    init(_ contact: Contact) {
        (name, email, phone) = (contact.name, contact.email, contact.phone)
    }
}

struct PlainCustomer: Decodable, Equatable {
    var account, registration: String?

    init(_ customer: CustomerReference) {
        switch customer {
        case .account(let number): account = number
        case .registration(let id): registration = id
        }
    }
}

struct PlainPayment: Decodable, Equatable {
    var method: String
    var reference: String?

    init(_ payment: Payment) {
        switch payment {
        case .purchaseOrder: method = "purchase-order"
        case .prepaid(let reference): (method, self.reference) = ("prepaid", reference)
        }
    }

    /// A reference of an order that is not prepaid says nothing.
    static func == (left: Self, right: Self) -> Bool {
        left.method == right.method && (left.method != "prepaid" || left.reference == right.reference)
    }
}

struct PlainTotals: Decodable, Equatable {
    var goods, discount, shipping, tax, total: String

    init(_ totals: OrderTotals) {
        (goods, discount, shipping) = (
            totals.goods.description, totals.discount.description, totals.shipping.description
        )
        (tax, total) = (totals.tax.description, totals.total.description)
    }
}

struct PlainFallback: Decodable, Equatable {
    var question, basis: String
    var asOf: PlainTime?

    init(_ fallback: QuoteFallback) {
        (question, basis) = (fallback.question.rawValue, fallback.basis.rawValue)
        asOf = fallback.asOf.map { PlainTime($0) }
    }
}

struct PlainOrder: Decodable, Equatable {
    var number: String
    var revision: Int64
    var customer: PlainCustomer
    var contact: PlainContact
    var purchaseOrderNumber: String?
    var shipTo, billTo: PlainPlace
    var shippingMethod: String
    var requestedDate, preferredWarehouse: String?
    var payment: PlainPayment
    var currency: String
    var lines: [PlainLine]
    var totals: PlainTotals
    private var fallbacks: [PlainFallback]?

    init(_ order: Order) {
        (number, revision) = (order.number, order.revision)
        customer = PlainCustomer(order.customer)
        contact = PlainContact(order.contact)
        purchaseOrderNumber = order.purchaseOrderNumber
        (shipTo, billTo) = (PlainPlace(order.shipTo), PlainPlace(order.billTo))
        shippingMethod = order.shippingMethod
        (requestedDate, preferredWarehouse) = (order.requestedDate?.description, order.preferredWarehouse)
        payment = PlainPayment(order.payment)
        (currency, lines) = (order.currency.code, order.lines.map { PlainLine($0) })
        totals = PlainTotals(order.totals)
        fallbacks = order.fallbacks.map { PlainFallback($0) }
    }

    static func == (left: Self, right: Self) -> Bool {
        left.number == right.number && left.revision == right.revision && left.customer == right.customer
            && left.contact == right.contact && left.purchaseOrderNumber == right.purchaseOrderNumber
            && left.shipTo == right.shipTo && left.billTo == right.billTo
            && left.shippingMethod == right.shippingMethod && left.requestedDate == right.requestedDate
            && left.preferredWarehouse == right.preferredWarehouse && left.payment == right.payment
            && left.currency == right.currency && left.lines == right.lines && left.totals == right.totals
            && (left.fallbacks ?? []) == (right.fallbacks ?? [])
    }
}

struct PlainReason: Decodable, Equatable {
    var code, text: String

    init(_ reason: OrderStatus.Reason) {
        (code, text) = (reason.code, reason.text)
    }
}

struct PlainLineStatus: Decodable, Equatable {
    struct Quantities: Decodable, Equatable {
        var ordered, allocated, shipped, backordered: String
    }

    var lineId, sku, status: String
    var quantities: Quantities
    var warehouse, promisedDate, substituteSku: String?
    var reason: PlainReason?

    init(_ status: LineStatus) {
        (lineId, sku, self.status) = (status.lineID, status.sku, status.status.rawValue)
        quantities = Quantities(
            ordered: status.quantities.ordered.description, allocated: status.quantities.allocated.description,
            shipped: status.quantities.shipped.description, backordered: status.quantities.backordered.description)
        (warehouse, promisedDate) = (status.warehouse, status.promisedDate?.description)
        (substituteSku, reason) = (status.substituteSKU, status.reason.map { PlainReason($0) })
    }
}

struct PlainStatus: Decodable, Equatable {
    var number: String
    var revision: Int64
    var erpNumber: String?
    var answeredRevision: Int64
    var state: String
    var reason: PlainReason?
    private var lines: [PlainLineStatus]?

    init(_ status: OrderStatus) {
        (number, revision, erpNumber) = (status.number, status.revision, status.erpNumber)
        (answeredRevision, state) = (status.answeredRevision, status.state.rawValue)
        (reason, lines) = (status.reason.map { PlainReason($0) }, status.lines.map { PlainLineStatus($0) })
    }

    static func == (left: Self, right: Self) -> Bool {
        left.number == right.number && left.revision == right.revision && left.erpNumber == right.erpNumber
            && left.answeredRevision == right.answeredRevision && left.state == right.state
            && left.reason == right.reason && (left.lines ?? []) == (right.lines ?? [])
    }
}

struct PlainOffline: Decodable, Equatable {
    var number: String
    var revision: Int64
    var customer: PlainCustomer
    var contact: PlainContact?
    var purchaseOrderNumber: String?
    var placedAt: PlainTime
    var shipTo: PlainPlace
    var billTo: PlainPlace?
    var shippingMethod, requestedDate, preferredWarehouse: String?
    var payment: PlainPayment?
    var currency: String
    var lines: [PlainLine]
    var totals: PlainTotals
    var state: String
    var reason: PlainReason?
    var lineStatuses: [PlainLineStatus]

    init(_ order: OfflineOrder) {
        (number, revision) = (order.number, order.revision)
        customer = PlainCustomer(.account(order.account))
        contact = order.contact.map { PlainContact($0) }
        purchaseOrderNumber = order.purchaseOrderNumber
        placedAt = PlainTime(order.placedAt)
        (shipTo, billTo) = (PlainPlace(order.shipTo), order.billTo.map { PlainPlace($0) })
        (shippingMethod, requestedDate) = (order.shippingMethod, order.requestedDate?.description)
        preferredWarehouse = order.preferredWarehouse
        payment = order.payment.map { PlainPayment($0) }
        (currency, lines) = (order.currency.code, order.lines.map { PlainLine($0) })
        (totals, state) = (PlainTotals(order.totals), order.state.rawValue)
        reason = order.reason.map { PlainReason($0) }
        lineStatuses = order.lineStatuses.map { PlainLineStatus($0) }
    }
}
