/// An order as a store sends it: what the simulated ERP reads of it, and nothing it has no use for.
struct IncomingOrder: Codable, Hashable {
    struct Customer: Codable, Hashable {
        var account: String?
        var registration: String?
    }

    struct Payment: Codable, Hashable {
        var method: String
        var reference: String?
    }

    struct Place: Codable, Hashable {
        var company: String?
        var name: String
        var street: [String]
        var city: String
        var region: String?
        var postalCode: String?
        var country: String
    }

    struct Contact: Codable, Hashable {
        var name: String
        var email: String
        var phone: String?
    }

    struct Line: Codable, Hashable {
        var id: String
        var sku: String
        var quantity: String
        var unit: String
        var unitPrice: String
        var amount: String
        var priceVersion: String?
    }

    struct Totals: Codable, Hashable {
        var goods: String
        var discount: String
        var shipping: String
        var tax: String
        var total: String
    }

    /// A figure that the buyer was not given by the ERP.
    struct Fallback: Codable, Hashable {
        var question: IncomingQuestion.Subject
    }

    var number: String
    var revision: Int64
    var customer: Customer
    var contact: Contact
    var purchaseOrderNumber: String?
    var shipTo: Place
    var billTo: Place
    var shippingMethod: String
    var requestedDate: String?
    var preferredWarehouse: String?
    var payment: Payment
    var currency: String
    var lines: [Line]
    var totals: Totals
    var fallbacks: [Fallback]?
}
