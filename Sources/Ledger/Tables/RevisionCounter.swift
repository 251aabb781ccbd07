extension LedgerTransaction {
    /// The next revision of an object that we state ourselves, from 1; given up with the transaction if that fails.
    public func nextRevision(family: String, subject: String) throws(LedgerError) -> Int64 {
        let next = try connection.first(
            """
            INSERT INTO revision_counter (family, subject, value) VALUES (?, ?, 1)
            ON CONFLICT (family, subject) DO UPDATE SET value = value + 1 RETURNING value
            """,
            { bind in
                bind.text(family)
                bind.text(subject)
            },
            row: { $0.integer(0) })
        return next ?? 1
    }
}
