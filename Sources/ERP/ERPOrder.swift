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
    /// Whose order it is, where the ERP states it.
    public var account: String?
    /// The buyer's own order number, where the ERP states it.
    public var purchaseOrderNumber: String?
    /// The order's total at ``storeRevision``, where the ERP states it.
    public var total: ExactDecimal?
    /// What the ERP itself charges for the order at ``storeRevision``, in the order's currency, where it states it.
    public var totals: OrderTotals?
    /// When it changed last by the ERP's own clock, which its stock goes by too, where the ERP states it.
    public var changedAt: Timestamp?

    /// An order, for adapters and tests.
    public init(
        erpNumber: String,
        storeNumber: String,
        storeRevision: Int64,
        version: Int64,
        state: OrderStatus.State,
        reason: OrderStatus.Reason? = nil,
        lines: [LineStatus],
        account: String? = nil,
        purchaseOrderNumber: String? = nil,
        total: ExactDecimal? = nil,
        totals: OrderTotals? = nil,
        changedAt: Timestamp? = nil
    ) {
        self.erpNumber = erpNumber
        self.storeNumber = storeNumber
        self.storeRevision = storeRevision
        self.version = version
        self.state = state
        self.reason = reason
        self.lines = lines
        self.account = account
        self.purchaseOrderNumber = purchaseOrderNumber
        self.total = total
        self.totals = totals
        self.changedAt = changedAt
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

    /// The answer to a revision that the ERP does not take: the order as it stands, with the reason on it and on every
    /// line, each of which says that it was not changed.
    public func standingStatus(revision: Int64, answering order: Order, reason: OrderStatus.Reason) -> OrderStatus {
        var status = status(revision: revision)
        status.answeredRevision = order.revision
        status.reason = reason
        for index in status.lines.indices {
            status.lines[index].status = .tooLateToAmend
            status.lines[index].reason = reason
        }
        return status
    }
}
