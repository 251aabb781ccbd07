public import Models

/// An order as it stands in the ERP.
public struct ERPOrder: Hashable, Sendable {
    /// The ERP's own order number.
    public var erpNumber: String
    /// The store's order number.
    public var storeNumber: String
    /// The newest store revision that the ERP accepted.
    public var storeRevision: Int64
    /// The ERP's change counter: grows with every change of this order, whoever made it.
    public var version: Int64
    /// The whole order in one word.
    public var state: OrderStatus.State
    /// Why it is held, cancelled or changed.
    public var reason: OrderStatus.Reason?
    /// One per line that the ERP knows.
    public var lines: [LineStatus]

    /// An order, for adapters and tests.
    public init(
        erpNumber: String,
        storeNumber: String,
        storeRevision: Int64,
        version: Int64,
        state: OrderStatus.State,
        reason: OrderStatus.Reason? = nil,
        lines: [LineStatus]
    ) {
        self.erpNumber = erpNumber
        self.storeNumber = storeNumber
        self.storeRevision = storeRevision
        self.version = version
        self.state = state
        self.reason = reason
        self.lines = lines
    }

    /// The answer to the store. `revision` counts the statuses of this order and comes from the ledger.
    public func status(revision: Int64) -> OrderStatus {
        OrderStatus(
            number: storeNumber,
            revision: revision,
            erpNumber: erpNumber,
            answeredRevision: storeRevision,
            state: state,
            reason: reason,
            lines: lines
        )
    }

    /// The answer to a revision that came too late: the order as it stands, with every line saying so.
    public func tooLateStatus(revision: Int64, answering order: Order, sentence: String) -> OrderStatus {
        var status = status(revision: revision)
        status.answeredRevision = order.revision
        let reason = OrderStatus.Reason(code: "order.too-late", text: sentence)
        status.reason = reason
        for index in status.lines.indices {
            status.lines[index].status = .tooLateToAmend
            status.lines[index].reason = reason
        }
        return status
    }
}
