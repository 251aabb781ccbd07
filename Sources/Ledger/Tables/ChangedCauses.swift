/// A cause of dead letters of which something has changed: letters came, went or failed again, or somebody has said
/// something of it.
public struct ChangedCause: Hashable, Sendable {
    /// The cause.
    public var fingerprint: String
    /// How many changes there were since somebody last looked.
    public var changes: Int64
}

extension LedgerSnapshot {
    /// Causes that changed, in the order of their fingerprints from behind `last` on.
    public final func changedCauses(after last: String = "", limit: Int) throws(LedgerError) -> [ChangedCause] {
        try query(
            "SELECT fingerprint, changes FROM dead_letter_change WHERE fingerprint > ? ORDER BY fingerprint LIMIT ?",
            .text(last), .integer(Int64(limit)),
            row: { ChangedCause(fingerprint: $0.text(0), changes: $0.integer(1)) })
    }
}

extension LedgerTransaction {
    /// Somebody has looked at the cause. Another change since it was read stays, to be looked at as well.
    public func forgetChanges(of cause: String, upTo changes: Int64) throws(LedgerError) {
        try execute(
            "DELETE FROM dead_letter_change WHERE fingerprint = ? AND changes = ?", .text(cause), .integer(changes))
    }
}
