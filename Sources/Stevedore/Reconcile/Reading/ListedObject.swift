internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// An object of the ERP as a worker would be told of it.
struct ListedObject: Sendable {
    var kind: ShownKind
    var key: ShownKey
    var subject: String
    /// The ERP's own count.
    var version: Int64
    /// What the store is told it at; of the store's own order, whose statuses are counted here, the version.
    var revision: Int64
    var time: Timestamp
    var payload: any Payload
    /// Of the message.
    var hash: ContentDigest
    var body: [UInt8]
    /// What the store said of its order, as far as the ERP says it back.
    var stated: StatedPart?

    /// As the message says it that would travel: written and read, so that what a reader refuses or reads differently is
    /// met here as there.
    /// - Parameters:
    ///   - shift: How far ahead of the ERP's own revision the store is told it.
    ///   - now: When it was read, where the ERP does not say when it changed.
    init(_ change: DatedChange, shift: Int64, at now: Timestamp) throws(ContractError) {
        let moved = change.moved(by: shift)
        let (payload, time) = Self.told(moved, now)
        let envelope = Envelope(for: payload, as: moved.what.type, source: FleetTopology.source, time: time)
        body = MessageWriter().write(envelope, payload)
        let message = try MessageReader().read(body)
        guard let (kind, key) = DatabaseStorefront.key(of: message.payload) else {
            throw ContractError(reason: .unsupportedType, sentence: "The store shows nothing of \(moved.what.type).")
        }
        (self.kind, self.key, self.time) = (kind, key, time)
        self.payload = message.payload
        hash = ContentDigest(high: message.contentHash.high, low: message.contentHash.low)
        (subject, version, revision) = (change.what.subject, change.what.revision, moved.what.revision)
        stated = StatedPart(change.what)
    }

    private static func told(_ change: DatedChange, _ now: Timestamp) -> (any Payload, Timestamp) {
        switch change.what {
        case .order(let order):
            let status = order.status(revision: 1)
            return (status.contractFaults.isEmpty ? status : status.mended(), order.changedAt ?? change.at ?? now)
        case .offlineOrder(let order): return (order, change.at ?? now)
        case .product(let product): return (product, change.at ?? now)
        case .stock(let stock): return (stock, change.at ?? now)
        case .prices(let prices): return (prices, change.at ?? now)
        case .customer(let customer): return (customer, change.at ?? now)
        case .shipment(let shipment): return (shipment, change.at ?? now)
        }
    }
}

extension ERPChange {
    /// What a message says, as the ERP would.
    init?(_ payload: any Payload) {
        switch payload {
        case let order as OfflineOrder: self = .offlineOrder(order)
        case let product as Product: self = .product(product)
        case let stock as Stock: self = .stock(stock)
        case let prices as ContractPrices: self = .prices(prices)
        case let customer as Customer: self = .customer(customer)
        case let shipment as Shipment: self = .shipment(shipment)
        default: return nil
        }
    }
}
