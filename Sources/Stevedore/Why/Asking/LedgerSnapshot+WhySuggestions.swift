internal import Ledger

extension LedgerSnapshot {
    /// Names that the typed one may have meant, the likeliest first: of a bounded number beside it in the order of
    /// names, and of those that one slip leads to. No e-mail address is suggested.
    func whySuggestions(_ question: WhyQuestion, _ tables: WhyTables, limit: Int = 5) throws -> [String] {
        var names = try question.slips.filter { try !whyFound($0, tables).things.isEmpty }
        for spelling in [question.typed, question.typed.uppercased()] { names += try neighbours(of: spelling) }
        var seen: Set<String> = [question.typed]
        let ranked = names.filter { !$0.contains("@") && seen.insert($0).inserted }.compactMap { name in
            (question.distance(to: name) ?? (question.begins(name) ? 3 : nil)).map { (name: name, distance: $0) }
        }
        return ranked.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(limit).map(\.name)
    }

    private func neighbours(of name: String) throws -> [String] {
        let families = ["order", "order@orders.taken", "order.offline", "product", "customer", "shipment"]
        let count = SQLValue.integer(20)
        var names: [String] = []
        for family in families {
            names += try rows(.subjectsAfter, .text(family), .text(name), count) { $0.text(0) }
            names += try rows(.subjectsBefore, .text(family), .text(name), count) { $0.text(0) }
        }
        var aliases = try rows(.aliasesAfter, .text(name), count) { ($0.text(0), $0.text(1)) }
        aliases += try rows(.aliasesBefore, .text(name), count) { ($0.text(0), $0.text(1)) }
        // A folded form is nobody's name.
        return names + aliases.filter { $0.1 != "email" && !$0.1.hasSuffix(Alias.foldedMark) }.map(\.0)
    }
}
