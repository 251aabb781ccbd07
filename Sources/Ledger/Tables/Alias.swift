/// Another name that leads to a subject: a purchase order number, an ERP number, a tracking number, an e-mail address.
public struct Alias: Hashable, Sendable {
    /// What sort of name it is, for example `erp-number`.
    public var kind: String
    /// The name.
    public var value: String
    /// The family of the subject.
    public var family: String
    /// The subject's business key.
    public var subject: String

    /// Another name that leads to a subject.
    public init(kind: String, value: String, family: String, subject: String) {
        self.kind = kind
        self.value = value
        self.family = family
        self.subject = subject
    }
}

extension LedgerTransaction {
    /// Remembers a name; once is enough, more does nothing.
    public func addAlias(kind: String, value: String, family: String, subject: String) throws(LedgerError) {
        _ = try connection.run(
            "INSERT INTO alias (kind, value, family, subject) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        ) { bind in
            bind.text(kind)
            bind.text(value)
            bind.text(family)
            bind.text(subject)
        }
    }
}

extension LedgerSnapshot {
    /// The subjects that a name leads to; a purchase order number may lead to several.
    public final func subjects(
        forAlias value: String, kind: String? = nil, limit: Int = 100
    ) throws(LedgerError) -> [Alias] {
        let prepared = try connection.prepare(
            """
            SELECT kind, value, family, subject FROM alias
            WHERE value = ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY kind, family, subject LIMIT ?3
            """)
        return try connection.all(
            prepared,
            { bind in
                bind.text(value)
                bind.text(kind)
                bind.integer(Int64(limit))
            },
            row: { Alias(kind: $0.text(0), value: $0.text(1), family: $0.text(2), subject: $0.text(3)) })
    }
}
