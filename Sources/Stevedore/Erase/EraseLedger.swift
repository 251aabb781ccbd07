internal import Fleet
internal import Ledger
internal import Models

/// Finds persons in the ledger's file and takes them out, in steps so small that no worker waits for one.
///
/// What quotes a person goes first, what says who it is last: killed half-way, the next run finds out the same names again
/// and does the rest.
struct EraseLedger {
    let ledger: Ledger
    let order: EraseOrder
    let interruption: Interruption
    let progress: CountedProgress
    /// So many rows are looked at at once.
    var page = 500
    /// So many are changed with one commit.
    var step = 100

    // MARK: - Finding

    /// Everything that is known of them here, open orders included.
    func learn(into knowledge: inout EraseKnowledge) async throws(ProgramError) {
        if let account = order.account {
            knowledge.learn(EraseObject(account: account))
            // A store that is only posted to has no rows of orders whose bodies are long gone.
            let named = try await read { try EraseAliases.objects(of: account, $0) }
            for object in named { knowledge.learn(named: object) }
        }
        for shelf in EraseShelf.allCases {
            var found = knowledge
            try await eachPage(of: shelf) { bodies in
                for body in bodies { learn(body, into: &found) }
            }
            knowledge = found
        }
        knowledge = try await read { [order, knowledge] snapshot in
            var found = knowledge
            if try EraseStore.isThere(snapshot) { try EraseStore(order).learn(snapshot, into: &found) }
            return found
        }
        try await learnAliases(into: &knowledge)
    }

    /// Looks which of their orders are open.
    func findOpen(_ knowledge: EraseKnowledge) async throws(ProgramError) -> EraseKnowledge {
        try await read { snapshot in
            var found = knowledge
            try found.findOpen(snapshot)
            return found
        }
    }

    private func learn(_ body: ShelvedBody, into knowledge: inout EraseKnowledge) {
        guard order.mayConcern(body.body), let message = PersonalMessage(body.body, type: body.type) else { return }
        let texts = order.texts(of: message)
        if order.concerns(message, texts) { knowledge.learn(message, texts, id: body.id) }
    }

    private func learnAliases(into knowledge: inout EraseKnowledge) async throws(ProgramError) {
        let aliases = EraseAliases(order, knowledge)
        var found = knowledge
        try await eachAlias { alias in
            guard aliases.isMeant(alias) || aliases.isAsked(alias) else { return }
            found.learn(.email, [alias.value])
            found.learn(named: EraseAliases.object(alias))
        }
        knowledge = found
    }

    // MARK: - Erasing

    /// Counts what is there, and takes it out when that was ordered.
    func erase(_ knowledge: EraseKnowledge, _ counts: inout EraseCounts) async throws(ProgramError) {
        counts.dead = knowledge.dead
        try await eraseTexts(knowledge, &counts)
        for shelf in EraseShelf.allCases where !interruption.isRequested {
            try await erase(shelf, BodyEraser(order, knowledge), &counts)
        }
        try await eraseStore(knowledge, &counts)
        try await eraseAliases(knowledge, &counts)
    }

    private func eraseTexts(_ knowledge: EraseKnowledge, _ counts: inout EraseCounts) async throws(ProgramError) {
        let words = EraseTextTable.Words(knowledge)
        guard !words.own.isEmpty else { return }
        for table in try await read({ try EraseTextTable.all($0) }) where !interruption.isRequested {
            var last: EraseTextTable.Row?
            var looked = 0
            while !interruption.isRequested {
                let rows = try await read { [page, last] in try table.page(behind: last, limit: page, $0) }
                guard let end = rows.last else { break }
                let changes = rows.flatMap { table.changes(to: $0, knowledge, words) }
                counts[table.place] += changes.count
                try await apply(changes) { try table.make($0, $1) }
                last = end
                looked += rows.count
                progress.show(looked, "rows of \(table.name) looked through")
            }
        }
    }

    private func erase(
        _ shelf: EraseShelf, _ eraser: BodyEraser, _ counts: inout EraseCounts
    ) async throws(ProgramError) {
        var found: [ShelvedBody] = []
        var tally = counts
        var last: ShelvedBody?
        var looked = 0
        while !interruption.isRequested {
            let bodies = try await bodies(shelf, behind: last)
            guard let end = bodies.last else { break }
            for body in bodies { if let erased = erased(body, eraser, &tally) { found.append(erased) } }
            tally[shelf.place] += found.count
            try await apply(found) { try $0.putBack($1) }
            try await mark(found.map(\.id))
            (last, found) = (end, [])
            looked += bodies.count
            progress.show(looked, "bodies looked through")
        }
        counts = tally
    }

    private func erased(_ body: ShelvedBody, _ eraser: BodyEraser, _ counts: inout EraseCounts) -> ShelvedBody? {
        var erased = body
        let outcome = eraser.erase(body.body, type: body.type)
        switch outcome {
        case .open(let subject):
            counts.open.insert(subject)
            return nil
        case .erased(let bytes): erased.body = bytes
        case .untouched: break
        }
        for (name, text) in body.texts {
            erased.texts[name] = eraser.erase(text, outcome, as: body.reading(name)) ?? text
        }
        return outcome == .untouched && erased.texts == body.texts ? nil : erased
    }

    /// Says of letters that wait what they are now: whoever replays one has to know.
    func mark(_ ids: [String]) async throws(ProgramError) {
        try await apply(ids) { id, transaction in
            let names = [id, String(id.prefix { $0 != "#" })]
            for name in Set(names) {
                try transaction.execute(
                    """
                    UPDATE dead_letter SET note = CASE WHEN note IS NULL THEN ?1 ELSE note || '; ' || ?1 END
                    WHERE id = ?2 AND state IN ('open', 'replayed') AND (note IS NULL OR instr(note, ?1) = 0)
                    """, .text(Self.note), .text(name))
            }
        }
    }

    /// What `dead-letter show` and `list` say of such a letter.
    static let note = "personal data erased: what the letter would send is not what was sent"

    private func eraseStore(
        _ knowledge: EraseKnowledge, _ counts: inout EraseCounts
    ) async throws(ProgramError) {
        let store = EraseStore(order, open: order.includesOpen ? [] : knowledge.open)
        guard try await read({ try EraseStore.isThere($0) }) else { return }
        let left = try await read { try store.left($0) }
        counts.open.formUnion(left)
        let count = try await read { try store.count($0) }
        counts[.store] += count
        guard order.isApplied else { return }
        while !interruption.isRequested {
            let count = try await write { [step] in try store.erase(limit: step, $0) }
            guard count > 0 else { return }
        }
    }

    private func eraseAliases(_ knowledge: EraseKnowledge, _ counts: inout EraseCounts) async throws(ProgramError) {
        let aliases = EraseAliases(order, knowledge)
        var (found, left): ([Alias], Set<String>) = ([], [])
        try await eachAlias { alias in
            if aliases.isMeant(alias) { found.append(alias) }
            if aliases.isLeft(alias) { left.insert(alias.subject) }
        }
        counts.open.formUnion(left)
        counts[.aliases] += found.count
        try await apply(found) { try EraseAliases.remove($0, $1) }
    }
}

// MARK: - Steps

extension EraseLedger {
    private func eachPage(
        of shelf: EraseShelf, _ body: ([ShelvedBody]) -> Void
    ) async throws(ProgramError) {
        var last: ShelvedBody?
        var looked = 0
        while !interruption.isRequested {
            let bodies = try await bodies(shelf, behind: last)
            guard let end = bodies.last else { return }
            body(bodies)
            last = end
            looked += bodies.count
            progress.show(looked, "bodies read")
        }
    }

    private func bodies(_ shelf: EraseShelf, behind last: ShelvedBody?) async throws(ProgramError) -> [ShelvedBody] {
        // Bodies may be large: fewer of them at once than of other rows.
        let limit = max(1, page / 10)
        return try await read { snapshot in
            try shelf.isThere(snapshot) ? shelf.page(behind: last, limit: limit, snapshot) : []
        }
    }

    private func eachAlias(_ body: (Alias) -> Void) async throws(ProgramError) {
        var last: Alias?
        while !interruption.isRequested {
            let aliases = try await read { [page, last] in try EraseAliases.page(behind: last, limit: page, $0) }
            guard let end = aliases.last else { return }
            for alias in aliases { body(alias) }
            last = end
        }
    }

    /// Makes changes in small steps; none when nothing was ordered but to count.
    private func apply<Item: Sendable>(
        _ items: [Item], _ make: @escaping @Sendable (Item, LedgerTransaction) throws -> Void
    ) async throws(ProgramError) {
        guard order.isApplied else { return }
        for start in stride(from: 0, to: items.count, by: step) {
            let some = Array(items[start..<min(start + step, items.count)])
            try await write { transaction in
                for item in some { try make(item, transaction) }
            }
        }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws(ProgramError) -> Value {
        do { return try await ledger.read(body) } catch { throw ProgramError(erasing: error) }
    }

    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (LedgerTransaction) throws -> Value
    ) async throws(ProgramError) -> Value {
        do { return try await ledger.write(body) } catch { throw ProgramError(erasing: error) }
    }
}

extension ProgramError {
    /// Any failure of the ledger's work.
    init(erasing error: any Error) {
        self = (error as? LedgerError).map { ProgramError($0) } ?? .unexpected(error)
    }
}
