internal import Models

/// An order as the interface takes it: the fields of the contract under their own names, decimals as strings.
struct WireOrder: Encodable {
    struct Customer: Encodable {
        var account: String?
        var registration: String?
    }

    struct Person: Encodable {
        var name: String
        var email: String
        var phone: String?
    }

    struct Place: Encodable {
        var company: String?
        var name: String
        var street: [String]
        var city: String
        var region: String?
        var postalCode: String?
        var country: String
    }

    struct Settlement: Encodable {
        var method: String
        var reference: String?
    }

    var number: String
    var revision: Int64
    var customer: Customer
    var contact: Person
    var purchaseOrderNumber: String?
    var shipTo: Place
    var billTo: Place
    var shippingMethod: String
    var requestedDate: String?
    var preferredWarehouse: String?
    var payment: Settlement
    var currency: String
    var lines: [WireOrderLine]
    var totals: WireTotals
}

extension WireOrder {
    init(_ order: Order) {
        number = order.number
        revision = order.revision
        customer = Customer(order.customer)
        contact = Person(name: order.contact.name, email: order.contact.email, phone: order.contact.phone)
        purchaseOrderNumber = order.purchaseOrderNumber
        shipTo = Place(order.shipTo)
        billTo = Place(order.billTo)
        shippingMethod = order.shippingMethod
        requestedDate = order.requestedDate?.description
        preferredWarehouse = order.preferredWarehouse
        payment = Settlement(order.payment)
        currency = order.currency.code
        lines = order.lines.map(WireOrderLine.init)
        totals = WireTotals(order.totals)
    }
}

extension WireOrder.Customer {
    init(_ customer: CustomerReference) {
        switch customer {
        case .account(let account): self.init(account: account)
        case .registration(let registration): self.init(registration: registration)
        }
    }
}

extension WireOrder.Settlement {
    init(_ payment: Payment) {
        switch payment {
        case .purchaseOrder: self.init(method: "purchase-order")
        case .prepaid(let reference): self.init(method: "prepaid", reference: reference)
        }
    }
}

extension WireOrder.Place {
    init(_ address: Address) {
        self.init(
            company: address.company, name: address.name, street: address.street, city: address.city,
            region: address.region, postalCode: address.postalCode, country: address.country.code)
    }
}
