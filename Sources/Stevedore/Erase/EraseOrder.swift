internal import Fleet
internal import Models

/// Whom to erase, who says so, and why.
struct EraseOrder: Hashable, Sendable {
    /// All persons of this account.
    var account: String?
    /// The person with this address, in whatever account.
    var email: String?
    var by = Operator.name
    var reason: String
    /// Also in orders that the ERP has not answered: what it is sent then has no names.
    var includesOpen = false
    /// Does it; else only counts.
    var isApplied = false

    /// For the record: enough to tell two requests apart, and too short to prove who it was. One of 65,536: the hash's last
    /// digits, because its first are the same of two names that differ at their end.
    var digest: String {
        let parts = [account.map { "account:" + $0 }, email.map { "email:" + $0.lowercased() }].compactMap { $0 }
        return String(StableHash.fnv1a(Array(parts.joined(separator: "\n").utf8)).suffix(4))
    }
}

// MARK: - What is meant

extension EraseOrder {
    /// What of a message is to go; nothing when it is about others.
    func texts(of message: PersonalMessage) -> [PersonalText] {
        if let account, message.account == account { return message.texts }
        guard let email else { return [] }
        let hits = message.texts.filter { isMeant($0, email) }
        // An order is of one person: its addresses are where that one gets goods.
        if hits.contains(where: { $0.owner.hasSuffix("/contact") || $0.pointer.hasSuffix("/contact") }) {
            return message.texts
        }
        let owners = Set(hits.map(\.owner))
        let own = message.texts.filter { owners.contains($0.owner) }
        let names = Set(own.filter { $0.kind == .name }.flatMap(\.texts))
        return message.texts.filter { text in
            owners.contains(text.owner) || text.kind == .name && !names.isDisjoint(with: text.texts)
        }
    }

    /// Whether it is one of theirs, also when nothing is left to erase.
    func concerns(_ message: PersonalMessage, _ texts: [PersonalText]) -> Bool {
        !texts.isEmpty || account != nil && message.account == account
    }

    private func isMeant(_ text: PersonalText, _ email: String) -> Bool {
        let (wanted, texts) = (email.lowercased(), text.texts.map { $0.lowercased() })
        return text.kind == .email ? texts.contains(wanted) : texts.contains { $0.contains(wanted) }
    }

    /// Whether a body could be about them at all, before anybody reads it.
    func mayConcern(_ body: [UInt8]) -> Bool {
        let text = String(decoding: body, as: UTF8.self)
        if text.utf8.contains(UInt8(ascii: "\\")) { return true }
        if let account, text.contains(account) { return true }
        return email.map { text.lowercased().contains($0.lowercased()) } ?? false
    }

    /// Whether a body that nobody can read names them.
    func names(_ body: [UInt8]) -> Bool {
        let text = String(decoding: body, as: UTF8.self)
        if let account, text.contains("\"\(account)\"") { return true }
        return email.map { text.lowercased().contains($0.lowercased()) } ?? false
    }
}
