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

extension Alias {
    /// How the kind of a name ends that is kept in its folded form.
    package static let foldedMark = "~folded"

    /// The kind of an object's own name in its folded form.
    package static let ownName = "name" + foldedMark

    /// A name without what people type differently: in lower case, without blanks and hyphens. An address keeps its
    /// hyphens, because without them it is another person's.
    package static func folded(_ name: String) -> String {
        let isAddress = name.utf8.contains(UInt8(ascii: "@"))
        return String(name.lowercased().filter { !$0.isWhitespace && (isAddress || $0 != "-") })
    }
}

extension LedgerTransaction {
    /// Remembers a name; once is enough, more does nothing.
    /// - Parameter folding: whether it is to be found in another case and without its blanks and hyphens as well, which
    ///   takes a second row where that makes a difference.
    public func addAlias(
        kind: String, value: String, family: String, subject: String, folding: Bool = false
    ) throws(LedgerError) {
        try insert(Alias(kind: kind, value: value, family: family, subject: subject))
        guard folding else { return }
        try insertFolded(value, Alias(kind: kind + Alias.foldedMark, value: "", family: family, subject: subject))
    }

    /// Has an object found by its own name in another case and without its blanks and hyphens.
    public func addFoldedName(family: String, subject: String) throws(LedgerError) {
        try insertFolded(subject, Alias(kind: Alias.ownName, value: "", family: family, subject: subject))
    }

    private func insertFolded(_ name: String, _ alias: Alias) throws(LedgerError) {
        var alias = alias
        alias.value = Alias.folded(name)
        guard alias.value != name, !alias.value.isEmpty else { return }
        try insert(alias)
    }

    private func insert(_ alias: Alias) throws(LedgerError) {
        _ = try connection.run(
            "INSERT INTO alias (kind, value, family, subject) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        ) { bind in
            bind.text(alias.kind)
            bind.text(alias.value)
            bind.text(alias.family)
            bind.text(alias.subject)
        }
    }
}

extension LedgerSnapshot {
    /// The subjects that exactly this name leads to; a purchase order number may lead to several.
    public final func subjects(
        forAlias value: String, kind: String? = nil, limit: Int = 100
    ) throws(LedgerError) -> [Alias] {
        let prepared = try connection.prepare(
            """
            SELECT kind, value, family, subject FROM alias
            WHERE value = ?1 AND (?2 IS NULL OR kind = ?2) AND kind NOT LIKE '%~folded'
            ORDER BY kind, family, subject LIMIT ?3
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
