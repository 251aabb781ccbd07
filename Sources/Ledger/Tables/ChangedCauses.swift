/// A cause of dead letters of which something has changed: letters came, went or failed again, or somebody has said
/// something of it.
public struct ChangedCause: Hashable, Sendable {
    /// The cause.
    public var fingerprint: String
    /// The number of its last change; a later one has a larger number, and none is used twice.
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

    /// Whether nobody has looked at the cause since it was read with that change as its last. Whoever asks in a
    /// transaction of a cause that was read before knows by it that nothing newer has been said of it meanwhile.
    public final func isUnseen(_ cause: String, changes: Int64) throws(LedgerError) -> Bool {
        try first(
            "SELECT 1 FROM dead_letter_change WHERE fingerprint = ? AND seen < ?", .text(cause), .integer(changes),
            row: { $0.integer(0) }) != nil
    }
}

extension LedgerTransaction {
    /// Somebody has looked at the cause. Another change since it was read stays, to be looked at as well.
    public func forgetChanges(of cause: String, upTo changes: Int64) throws(LedgerError) {
        try execute(
            "DELETE FROM dead_letter_change WHERE fingerprint = ? AND changes = ?", .text(cause), .integer(changes))
        try execute(
            "UPDATE dead_letter_change SET seen = ?2 WHERE fingerprint = ?1 AND seen < ?2", .text(cause),
            .integer(changes))
    }
}
