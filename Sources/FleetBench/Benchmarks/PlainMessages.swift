/// What a program without Stevedore's models would decode into: every value as it stands in the JSON.
struct PlainMessage<Body: Decodable>: Decodable {
    var specversion, id, source, type, subject, time: String
    var datacontenttype, dataschema, traceparent: String?
    var revision: Int64
    var data: Body
}

struct PlainOrder: Decodable {
    struct Customer: Decodable {
        var account: String?
    }
    struct Contact: Decodable {
        var name, email: String
        var phone: String?
    }
    struct Address: Decodable {
        var company, name, region: String?
        var street: [String]
        var city, postalCode, country: String
    }
    struct Payment: Decodable {
        var method: String
    }
    struct Line: Decodable {
        var id, sku, quantity, unit, unitPrice, amount: String
        var priceVersion: String?
    }
    struct Totals: Decodable {
        var goods, discount, shipping, tax, total: String
    }
    struct Fallback: Decodable {}

    var number: String
    var revision: Int64
    var customer: Customer
    var contact: Contact
    var purchaseOrderNumber: String?
    var shipTo, billTo: Address
    var shippingMethod: String
    var requestedDate, preferredWarehouse: String?
    var payment: Payment
    var currency: String
    var lines: [Line]
    var totals: Totals
    var fallbacks: [Fallback]?
}

struct PlainStatus: Decodable {
    struct Reason: Decodable {
        var code, text: String
    }
    struct Quantities: Decodable {
        var ordered, allocated, shipped, backordered: String
    }
    struct Line: Decodable {
        var lineId, sku, status: String
        var quantities: Quantities
        var warehouse, promisedDate, substituteSku: String?
        var reason: Reason?
    }

    var number: String
    var revision, answeredRevision: Int64
    var erpNumber: String?
    var state: String
    var reason: Reason?
    var lines: [Line]
}

struct PlainOffline: Decodable {
    var number, placedAt, currency, state: String
    var revision: Int64
    var customer: PlainOrder.Customer
    var contact: PlainOrder.Contact?
    var purchaseOrderNumber, shippingMethod, requestedDate, preferredWarehouse: String?
    var shipTo: PlainOrder.Address
    var billTo: PlainOrder.Address?
    var payment: PlainOrder.Payment?
    var lines: [PlainOrder.Line]
    var totals: PlainOrder.Totals
    var reason: PlainStatus.Reason?
    var lineStatuses: [PlainStatus.Line]
}
