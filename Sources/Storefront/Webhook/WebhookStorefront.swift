public import Ledger
public import Models

/// A store that is told by HTTP posts, signed as Standard Webhooks has it: each object is put down here, in the ledger's
/// transaction, and posted by a ``WebhookSender`` once that is committed.
///
/// What waits is bounded: a newer revision takes the place of an older one that has not been taken yet, for it restates the
/// whole object. Nothing is refused for want of another object: a store that is posted to keeps, say, a shipment whose
/// order it has not heard of.
public struct WebhookStorefront: Storefront {
    private let source: String

    /// `source` is the CloudEvents `source` of what is posted, a URI.
    public init(source: String) {
        self.source = source
    }

    /// Posts nothing: the store knows its own order, and what it may still promise is its own to reckon.
    public func note(_: Order, isCancelled: Bool, at time: Timestamp, in transaction: LedgerTransaction) throws {}

    /// Puts down the status, to be posted.
    public func show(_ status: OrderStatus, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try post(status, as: Catalogue.orderStatus, time, transaction)
    }

    /// Puts down the order, to be posted.
    public func show(_ order: OfflineOrder, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try post(order, as: Catalogue.orderOffline, time, transaction)
    }

    /// Puts down the product, to be posted.
    public func show(_ product: Product, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try post(product, as: Catalogue.product, time, transaction)
    }

    /// Puts down the stock, to be posted.
    public func show(_ stock: Stock, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try post(stock, as: Catalogue.stock, time, transaction)
    }

    /// Puts down the shipment, to be posted whether or not its order has been.
    public func show(_ shipment: Shipment, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try post(shipment, as: Catalogue.shipment, time, transaction)
    }

    /// Puts down the account, to be posted.
    public func show(_ customer: Customer, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try post(customer, as: Catalogue.customer, time, transaction)
    }

    /// Puts down the prices, to be posted in whatever currency they are.
    public func show(_ prices: ContractPrices, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try post(prices, as: Catalogue.contractPrices, time, transaction)
    }

    /// The body is a CloudEvent and, with its `timestamp`, what Standard Webhooks recommends as well.
    private func post(
        _ payload: some Payload, as type: MessageType, _ time: Timestamp, _ transaction: LedgerTransaction
    ) throws {
        var envelope = Envelope(for: payload, as: type, source: source, time: time)
        envelope.extensions["timestamp"] = time.description
        let post = WebhookPost(
            id: envelope.id, type: type.name, family: type.family, subject: payload.subject, revision: payload.revision,
            body: MessageWriter().write(envelope, payload))
        try transaction.enqueue(post, now: Timestamp.now().microseconds)
    }
}
