internal import Ledger

/// E-mail addresses that lead to an object: the only names among the ledger's aliases that are a person's.
struct EraseAliases: Sendable {
    let subjects: Set<String>
    /// Orders that keep theirs until they are done.
    let open: Set<String>
    private let email: String?
    private let isWholeAccount: Bool

    init(_ order: EraseOrder, _ knowledge: EraseKnowledge) {
        subjects = knowledge.subjects
        open = order.includesOpen ? [] : knowledge.open
        email = order.email.map { Alias.folded($0) }
        isWholeAccount = order.account != nil
    }

    /// Addresses behind one, those of everybody, in their order; begin without one.
    static func page(behind last: Alias?, limit: Int, _ snapshot: LedgerSnapshot) throws -> [Alias] {
        try snapshot.query(
            """
            SELECT kind, value, family, subject FROM alias
            WHERE (value, kind, family, subject) > (?, ?, ?, ?) AND kind IN (?, ?)
            ORDER BY value, kind, family, subject LIMIT ?
            """, .text(last?.value ?? ""), .text(last?.kind ?? ""), .text(last?.family ?? ""),
            .text(last?.subject ?? ""), .text(Alias.addressKinds[0]),
            .text(Alias.addressKinds[1]), .integer(Int64(limit))
        ) { Alias(kind: $0.text(0), value: $0.text(1), family: $0.text(2), subject: $0.text(3)) }
    }

    /// Whether it goes: it is the one that was asked for, or leads to an object of the account.
    func isMeant(_ alias: Alias) -> Bool {
        guard !open.contains(alias.subject) else { return false }
        return isAsked(alias) || isWholeAccount && subjects.contains(alias.subject)
    }

    /// Whether it is the person's own address, so that its object is the person's, too.
    func isAsked(_ alias: Alias) -> Bool { email != nil && Alias.folded(alias.value) == email }

    /// Removes one.
    static func remove(_ alias: Alias, _ transaction: LedgerTransaction) throws {
        try transaction.execute(
            "DELETE FROM alias WHERE value = ? AND kind = ? AND family = ? AND subject = ?", .text(alias.value),
            .text(alias.kind), .text(alias.family), .text(alias.subject))
    }
}
