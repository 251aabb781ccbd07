internal import Models

/// An order as the interface takes it: the fields of the contract under their own names, decimals as strings. What an
/// order does not have is left out.
enum WireOrder {
    /// The body of a request.
    static func body(_ order: Order) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024 + 256 * order.lines.count)
        writer.object { $0.write(order) }
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ order: Order) {
        member("number", order.number)
        key("revision")
        raw(String(order.revision))
        key("customer")
        object { $0.write(order.customer) }
        key("contact")
        object { $0.write(order.contact) }
        member("purchaseOrderNumber", order.purchaseOrderNumber)
        key("shipTo")
        object { $0.write(order.shipTo) }
        key("billTo")
        object { $0.write(order.billTo) }
        member("shippingMethod", order.shippingMethod)
        member("requestedDate", order.requestedDate?.description)
        member("preferredWarehouse", order.preferredWarehouse)
        key("payment")
        object { $0.write(order.payment) }
        member("currency", order.currency.code)
        key("lines")
        array(order.lines) { writer, line in writer.object { $0.write(line) } }
        key("totals")
        object { $0.write(order.totals) }
        guard !order.fallbacks.isEmpty else { return }
        key("fallbacks")
        array(order.fallbacks) { writer, fallback in writer.object { $0.write(fallback) } }
    }

    mutating func write(_ customer: CustomerReference) {
        switch customer {
        case .account(let account): member("account", account)
        case .registration(let registration): member("registration", registration)
        }
    }

    private mutating func write(_ contact: Contact) {
        member("name", contact.name)
        member("email", contact.email)
        member("phone", contact.phone)
    }

    mutating func write(_ address: Address) {
        member("company", address.company)
        member("name", address.name)
        key("street")
        array(address.street) { $0.string($1) }
        member("city", address.city)
        member("region", address.region)
        member("postalCode", address.postalCode)
        member("country", address.country.code)
    }

    private mutating func write(_ payment: Payment) {
        switch payment {
        case .purchaseOrder: member("method", "purchase-order")
        case .prepaid(let reference):
            member("method", "prepaid")
            member("reference", reference)
        }
    }

    private mutating func write(_ line: OrderLine) {
        member("id", line.id)
        member("sku", line.sku)
        member("quantity", line.quantity.description)
        member("unit", line.unit.code)
        member("unitPrice", line.unitPrice.description)
        member("amount", line.amount.description)
        member("priceVersion", line.priceVersion)
    }

    private mutating func write(_ fallback: QuoteFallback) {
        member("question", fallback.question.rawValue)
        member("basis", fallback.basis.rawValue)
        member("asOf", fallback.asOf?.description)
    }

    private mutating func write(_ totals: OrderTotals) {
        member("goods", totals.goods.description)
        member("discount", totals.discount.description)
        member("shipping", totals.shipping.description)
        member("tax", totals.tax.description)
        member("total", totals.total.description)
    }
}
