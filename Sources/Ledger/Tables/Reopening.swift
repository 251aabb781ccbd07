extension LedgerTransaction {
    /// Has an applied revision worked on once more, for the other side has lost what came of it: a person has found that out.
    ///
    /// The subject counts as uncertain from then on, so that whoever takes the revision asks the other side first. Older
    /// revisions stay overtaken. Journal it in the same transaction.
    /// - Returns: false when another revision is the newest by now, or somebody works on the subject: nothing is changed then.
    public func reopen(
        family: String, subject: String, revision: Int64, now: Int64
    ) throws(LedgerError) -> Bool {
        let known = try subjectState(family: family, subject: subject)
        guard let known, known.revision == revision, revision > 0 else { return false }
        if let until = known.leaseUntil, Lease.isHeld(until: until, now: now) { return false }
        let changed = try connection.run(
            """
            UPDATE subject_state SET revision = ?1 - 1, hash = NULL, fence = fence + 1, lease_holder = NULL,
                lease_until = NULL, uncertain = 1
            WHERE family = ?2 AND subject = ?3 AND revision = ?1
            """
        ) { bind in
            bind.integer(revision)
            bind.text(family)
            bind.text(subject)
        }
        return changed == 1
    }
}
