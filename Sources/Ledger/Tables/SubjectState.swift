/// What the ledger knows of one object: which revision has been applied, and who is working on it.
public struct SubjectState: Hashable, Sendable {
    /// The family of message types, for example `order`.
    public var family: String
    /// The business key.
    public var subject: String
    /// The newest revision that has been applied; 0 when none has.
    public var revision: Int64
    /// The content of that revision.
    public var hash: ContentDigest?
    /// The handler's own word for where the object stands.
    public var state: String?
    /// The other side's name for it, for example the ERP's order number.
    public var reference: String?
    /// When that revision was applied.
    public var appliedAt: Int64?
    /// Grows with every claim and every end of one; a claim's number is worth something only while it is this one.
    public var fence: Int64
    /// Who holds the subject; a lease may be over, see `leaseUntil`.
    public var leaseHolder: String?
    /// When the lease ends.
    public var leaseUntil: Int64?
    /// A call was made for it that nobody knows the outcome of, and nothing has been applied since.
    public var isUncertain = false
}

extension LedgerSnapshot {
    /// What is known of a subject; nil when it has never been claimed.
    public final func subjectState(family: String, subject: String) throws(LedgerError) -> SubjectState? {
        try connection.first(
            """
            SELECT revision, hash, state, reference, applied_at, fence, lease_holder, lease_until, uncertain
            FROM subject_state WHERE family = ? AND subject = ?
            """,
            { bind in
                bind.text(family)
                bind.text(subject)
            },
            row: { row in
                SubjectState(
                    family: family, subject: subject, revision: row.integer(0), hash: row.digest(1),
                    state: row.optionalText(2), reference: row.optionalText(3), appliedAt: row.optionalInteger(4),
                    fence: row.integer(5), leaseHolder: row.optionalText(6), leaseUntil: row.optionalInteger(7),
                    isUncertain: row.integer(8) != 0)
            })
    }
}
