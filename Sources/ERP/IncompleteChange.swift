/// A change that is told without some of what the ERP states of the object, because the interface does not allow it as it stands
/// there and the rest promises nobody more without it. Somebody has to correct it in the ERP, or the store never shows it.
public struct IncompleteChange: Hashable, Sendable {
    /// A part that was left out.
    public struct Omission: Hashable, Sendable {
        /// Where the ERP has it: a JSON pointer (RFC 6901) into the object as it states it, such as `/listPrice`.
        public var part: String
        /// What is wrong, and where, which may be further down: `listPrice/amount is not a decimal`.
        public var reason: String

        /// An omission, for adapters and tests.
        public init(part: String, reason: String) {
            self.part = part
            self.reason = reason
        }
    }

    /// The object's business key, as ``UnreadableChange/key`` would be: for an order the ERP's own number.
    public var key: String
    /// The ERP's count of the object's states: as it stands here.
    public var revision: Int64
    /// What was left out, at most ``maximumOmissions``. Absent, null and blank parts were not there to be left out.
    public var omissions: [Omission]
    /// There were more than are listed.
    public var hasMore: Bool

    /// No more than these are listed of one object.
    public static let maximumOmissions = 100

    /// A change, for adapters and tests.
    public init(key: String, revision: Int64, omissions: [Omission], hasMore: Bool = false) {
        self.key = key
        self.revision = revision
        self.omissions = omissions
        self.hasMore = hasMore
    }
}
