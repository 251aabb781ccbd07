public import Models

/// One thing that changed, restated in full. It keeps its contract (``Payload/contractFaults``) but for an online order, which
/// is no message yet. The payload's `revision` is the ERP's change counter of the object: it grows with every change.
public enum ERPChange: Hashable, Sendable {
    /// An order that came from the store; ``ERPOrder/version`` is its change counter.
    case order(ERPOrder)
    /// An order keyed in the ERP.
    case offlineOrder(OfflineOrder)
    /// A product.
    case product(Product)
    /// What a warehouse has of a product.
    case stock(Stock)
    /// A part of a version of an account's or a list's prices.
    case prices(ContractPrices)
    /// An account.
    case customer(Customer)
    /// A shipment.
    case shipment(Shipment)

    /// The business key of the object: the subject of its message.
    public var subject: String {
        switch self {
        case .order(let order): order.storeNumber
        case .offlineOrder(let order): order.subject
        case .product(let product): product.subject
        case .stock(let stock): stock.subject
        case .prices(let prices): prices.subject
        case .customer(let customer): customer.subject
        case .shipment(let shipment): shipment.subject
        }
    }

    /// The ERP's change counter of the object.
    public var revision: Int64 {
        switch self {
        case .order(let order): order.version
        case .offlineOrder(let order): order.revision
        case .product(let product): product.revision
        case .stock(let stock): stock.revision
        case .prices(let prices): prices.revision
        case .customer(let customer): customer.revision
        case .shipment(let shipment): shipment.revision
        }
    }
}
