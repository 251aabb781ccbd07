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
    /// Where the next page starts. Opaque; store it once the changes are safe.
    public var cursor: String
    /// Whether the next page has something already.
    public var hasMore: Bool

    /// A page, for adapters and tests.
    public init(changes: [ERPChange], cursor: String, hasMore: Bool) {
        self.changes = changes
        self.cursor = cursor
        self.hasMore = hasMore
    }
}
