public import Models

/// What the ERP can be asked for changes of.
public enum ERPChangeKind: String, Hashable, Sendable, CaseIterable {
    /// Orders from the store and orders keyed in the ERP.
    case orders
}

/// One thing that changed, restated in full.
public enum ERPChange: Hashable, Sendable {
    /// An order that came from the store.
    case order(ERPOrder)
    /// An order keyed in the ERP; its revision is the ERP's change counter.
    case offlineOrder(OfflineOrder)
}

/// A page of changes, oldest first.
public struct ERPChanges: Hashable, Sendable {
    /// Up to the limit that was asked for.
    public var changes: [ERPChange]
    /// What changed too, but can not be read: each costs only itself, never the page.
    public var unreadable: [UnreadableChange]
    /// Where the next page starts. Opaque; store it once the changes are safe.
    public var cursor: String
    /// Whether the next page has something already.
    public var hasMore: Bool

    /// A page, for adapters and tests.
    public init(changes: [ERPChange], unreadable: [UnreadableChange] = [], cursor: String, hasMore: Bool) {
        self.changes = changes
        self.unreadable = unreadable
        self.cursor = cursor
        self.hasMore = hasMore
    }
}

/// A change that the ERP states in a way the interface does not allow.
public struct UnreadableChange: Hashable, Sendable {
    /// The ERP's own order number, when at least that can be read.
    public var erpNumber: String?
    /// What is wrong, and where.
    public var reason: String

    /// A change, for adapters and tests.
    public init(erpNumber: String?, reason: String) {
        self.erpNumber = erpNumber
        self.reason = reason
    }
}
