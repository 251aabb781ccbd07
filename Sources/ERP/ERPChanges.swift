public import Models

/// A page of changes, oldest first.
public struct ERPChanges: Hashable, Sendable {
    /// Up to the limit that was asked for, together with the ``unreadable`` ones.
    public var changes: [DatedChange]
    /// What changed too, but can not be read: each costs only itself, never the page.
    public var unreadable: [UnreadableChange]
    /// Which of ``changes`` lack a part that can not be read. Each of those parts costs only itself, never its object.
    public var incomplete: [IncompleteChange]
    /// Where the next page starts, in the ERP's own sequence. Opaque; store it once the changes are safe. The one that was asked
    /// with when nothing changed.
    public var cursor: String
    /// Whether the next page has something already.
    public var hasMore: Bool
    /// How many changes follow this page as things stand, where the ERP can say: for progress, not for when to stop.
    public var remaining: Int?

    /// A page, for adapters and tests.
    public init(
        changes: [DatedChange], unreadable: [UnreadableChange] = [], incomplete: [IncompleteChange] = [],
        cursor: String, hasMore: Bool, remaining: Int? = nil
    ) {
        self.changes = changes
        self.unreadable = unreadable
        self.incomplete = incomplete
        self.cursor = cursor
        self.hasMore = hasMore
        self.remaining = remaining
    }
}

/// What changed, and when.
public struct DatedChange: Hashable, Sendable {
    /// The object as it stands after the change.
    public var what: ERPChange
    /// When it changed by the ERP's own clock, where the ERP states it. That clock may go backwards: only the order in the page
    /// and the revision say what is newer.
    public var at: Timestamp?

    /// A change, for adapters and tests.
    public init(_ what: ERPChange, at: Timestamp? = nil) {
        self.what = what
        self.at = at
    }
}

/// A change that the ERP states in a way the interface does not allow, or that makes a message which is too long to be read.
public struct UnreadableChange: Hashable, Sendable {
    /// The object's business key, when at least that can be read: as ``ERPChange/subject`` would be, but for an order the ERP's
    /// own number.
    public var key: String?
    /// What is wrong, and where.
    public var reason: String

    /// A change, for adapters and tests.
    public init(key: String?, reason: String) {
        self.key = key
        self.reason = reason
    }
}
