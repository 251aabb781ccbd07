internal import Models

/// An object of a customer's. A number alone is not enough: an account, a product and somebody else's order may have the
/// same.
struct EraseObject: Hashable, Sendable {
    /// The family of its messages; empty where nobody knows it.
    let family: String
    let subject: String

    init(family: String, subject: String) {
        // The ERP's answer to an order is about that order.
        self.family = family == Catalogue.orderStatus.family ? Catalogue.orderPlaced.family : family
        self.subject = subject
    }

    /// - Parameter type: The type of a message about it.
    init(type: String?, subject: String) {
        self.init(family: type.flatMap { Catalogue.type(named: $0) }?.family ?? "", subject: subject)
    }

    /// An order, by its row in the store's tables.
    init(order number: String, origin: String?) {
        let type = origin == "offline" ? Catalogue.orderOffline : Catalogue.orderPlaced
        self.init(family: type.family, subject: number)
    }

    init(account: String) { self.init(family: Catalogue.customer.family, subject: account) }

    /// Whether it is an order that the store hands over to the ERP.
    var isOrder: Bool { family == Catalogue.orderPlaced.family }
}
