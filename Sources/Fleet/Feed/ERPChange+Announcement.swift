package import ERP
package import Models

extension ERPChange {
    /// Where its revisions are counted, beside those that the store is told.
    package var family: String { type.family }

    /// What the store is told.
    package var type: MessageType {
        switch self {
        case .order: ERPChangeKind.orders.type
        // Its revisions are counted beside those of the store's orders.
        case .offlineOrder: Catalogue.orderOffline
        case .product: ERPChangeKind.products.type
        case .stock: ERPChangeKind.stock.type
        case .prices: ERPChangeKind.prices.type
        case .customer: ERPChangeKind.customers.type
        case .shipment: ERPChangeKind.shipments.type
        }
    }

    /// The message that restates it; nil for an online order, whose statuses we count ourselves.
    package func announcement(at time: Timestamp) -> Announcement? {
        let payload: any Payload
        switch self {
        case .order: return nil
        case .offlineOrder(let order): payload = order
        case .product(let product): payload = product
        case .stock(let stock): payload = stock
        case .prices(let prices): payload = prices
        case .customer(let customer): payload = customer
        case .shipment(let shipment): payload = shipment
        }
        return Announcement(payload, as: type, at: time)
    }
}

extension ERPChangeKind {
    /// Where revisions of its objects are counted; orders keyed in the ERP have another one than the store's.
    package var family: String { type.family }

    fileprivate var type: MessageType {
        switch self {
        case .orders: Catalogue.orderStatus
        case .products: Catalogue.product
        case .stock: Catalogue.stock
        case .prices: Catalogue.contractPrices
        case .customers: Catalogue.customer
        case .shipments: Catalogue.shipment
        }
    }
}
