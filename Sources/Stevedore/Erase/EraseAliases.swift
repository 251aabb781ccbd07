internal import Ledger

/// E-mail addresses that lead to an object: the only names among the ledger's aliases that are a person's.
struct EraseAliases: Sendable {
    private let knowledge: EraseKnowledge
    private let email: String?
    private let isWholeAccount: Bool
    private let includesOpen: Bool

    init(_ order: EraseOrder, _ knowledge: EraseKnowledge) {
        self.knowledge = knowledge
        email = order.email.map { Alias.folded($0) }
        (isWholeAccount, includesOpen) = (order.account != nil, order.includesOpen)
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

    /// What the account's number leads to: also orders whose bodies are long gone.
    static func objects(of account: String, _ snapshot: LedgerSnapshot) throws -> [EraseObject] {
        try snapshot.query("SELECT family, subject FROM alias WHERE value = ? AND kind = 'account'", .text(account)) {
            EraseObject(family: $0.text(0), subject: $0.text(1))
        }
    }

    static func object(_ alias: Alias) -> EraseObject { EraseObject(family: alias.family, subject: alias.subject) }

    /// Whether it goes.
    func isMeant(_ alias: Alias) -> Bool { isTheirs(alias) && !isOpen(alias) }

    /// Whether it would go if its order were done with.
    func isLeft(_ alias: Alias) -> Bool { isTheirs(alias) && isOpen(alias) }

    /// Whether it is the person's own address, so that its object is the person's, too.
    func isAsked(_ alias: Alias) -> Bool { email != nil && Alias.folded(alias.value) == email }

    /// It is the one that was asked for, or leads to an object of the account.
    private func isTheirs(_ alias: Alias) -> Bool {
        isAsked(alias) || isWholeAccount && knowledge.owns(Self.object(alias))
    }

    /// An order keeps its address until it is done.
    private func isOpen(_ alias: Alias) -> Bool { !includesOpen && knowledge.isOpen(Self.object(alias)) }

    /// Removes one.
    static func remove(_ alias: Alias, _ transaction: LedgerTransaction) throws {
        try transaction.execute(
            "DELETE FROM alias WHERE value = ? AND kind = ? AND family = ? AND subject = ?", .text(alias.value),
            .text(alias.kind), .text(alias.family), .text(alias.subject))
    }
}
