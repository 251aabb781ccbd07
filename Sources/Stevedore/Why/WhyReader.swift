internal import Fleet
internal import Ledger
internal import Models

/// Answers a question from the ledger, in one snapshot; the broker is asked afterwards, for queues alone.
struct WhyReader: Sendable {
    let question: WhyQuestion
    /// All objects that a name leads to instead of the ten newest.
    var isAll = false
    /// How the store is told.
    var adapters: Set<StorefrontAdapter> = [.database, .webhook]

    private static let few = 10

    /// What the ledger knows.
    func read(_ snapshot: LedgerSnapshot, now: Int64) throws -> WhyReport {
        let tables = try snapshot.whyTables(adapters)
        var report = WhyReport(question: question, now: now)
        var found = try snapshot.whyFound(question.typed, tables)
        if found.isEmpty { found = try respelled(snapshot, tables, &report) ?? found }
        if found.isEmpty, report.suggestions.isEmpty { found = try folded(snapshot, &report) ?? found }
        // The journal's index is the one that takes a while, so it comes last, and no object is named by a UUID.
        if found.isEmpty, !question.isUUID { found.things = try snapshot.whyJournalled(question.typed) }
        if found.isEmpty { found = try message(snapshot) ?? found }
        guard !found.isEmpty else { return try nothing(snapshot, tables, report) }
        (report.kind, report.message, report.isCut) = (found.kind, found.message, found.isCut)
        try answer(found, snapshot, tables, &report)
        return report
    }

    /// The only other spelling that is known; of several all are suggested, for they may be different objects.
    private func respelled(
        _ snapshot: LedgerSnapshot, _ tables: WhyTables, _ report: inout WhyReport
    ) throws -> WhyFound? {
        let known = try question.spellings.compactMap { name -> (name: String, found: WhyFound)? in
            let found = try snapshot.whyFound(name, tables)
            return found.isEmpty ? nil : (name, found)
        }
        guard let only = known.first, Set(known.map { Set($0.found.things) }).count == 1 else {
            report.suggestions = known.map(\.name)
            return nil
        }
        report.readAs = only.name
        return only.found
    }

    /// What was written down beside names for who types them otherwise. Two objects whose own names are the same then
    /// are both suggested.
    private func folded(_ snapshot: LedgerSnapshot, _ report: inout WhyReport) throws -> WhyFound? {
        let found = try snapshot.whyFolded(question.typed)
        guard found.kind == nil, let only = found.things.first else { return found }
        guard found.things.count == 1 else {
            report.suggestions = found.things.map(\.subject)
            return nil
        }
        report.readAs = only.subject
        return found
    }

    private func message(_ snapshot: LedgerSnapshot) throws -> WhyFound? {
        let (typed, lower) = (question.typed, question.typed.lowercased())
        var message = try snapshot.whyMessage(typed)
        if message == nil, question.isUUID, lower != typed { message = try snapshot.whyMessage(lower) }
        guard let message else { return nil }
        var found = WhyFound(kind: "message-id", message: message)
        if let type = message.type, let subject = message.subject {
            found.things = [WhyThing(type: type, subject: subject)].compactMap { $0 }
        }
        return found
    }

    private func answer(
        _ found: WhyFound, _ snapshot: LedgerSnapshot, _ tables: WhyTables, _ report: inout WhyReport
    ) throws {
        guard found.things.count > 1 else {
            report.answers = try found.things.map { try snapshot.whyFacts($0, tables, now: report.now) }
            return
        }
        let dated = try found.things.map { ($0, try snapshot.whyAge($0, tables)) }
        let newest = dated.sorted { ($0.1, $0.0.subject) > ($1.1, $1.0.subject) }.map(\.0)
        let shown = isAll ? newest : Array(newest.prefix(Self.few))
        report.more = newest.count - shown.count
        report.answers = try shown.map { try snapshot.whyFacts($0, tables, now: report.now, isBrief: true) }
    }

    // MARK: - Nothing

    private func nothing(
        _ snapshot: LedgerSnapshot, _ tables: WhyTables, _ report: WhyReport
    ) throws -> WhyReport {
        var report = report
        if report.suggestions.isEmpty, let letters = try snapshot.whyLetters(question.typed, tables) {
            report.letters = letters
            return report
        }
        if tables.stockStreams.contains("stock/\(question.typed)") {
            report.absence = [
                "\(question.typed) is a warehouse: ask for a SKU to see its stock there. `stevedore status` says how "
                    + "far the feed has read its stock."
            ]
            return report
        }
        if report.suggestions.isEmpty { report.suggestions = try snapshot.whySuggestions(question, tables) }
        let positions =
            try tables.hasPositions ? snapshot.rows(.position, .text(Catalogue.takenOrders)) { $0.integer(0) } : []
        let last = positions.first
        report.absence = [
            last.map { "The last order was read from \(Catalogue.takenOrders) at \(WhyTime.text($0))." }
                ?? "No worker has said that it read an order into this ledger.",
            "Is the store publishing, or the feed reading? `stevedore status` shows both.",
        ]
        return report
    }
}

extension LedgerSnapshot {
    /// When something last happened to a thing, as far as one look tells.
    fileprivate func whyAge(_ thing: WhyThing, _ tables: WhyTables) throws -> Int64 {
        var ages: [Int64] = []
        for types in thing.types {
            ages += [try subjectState(family: types[0].family, subject: thing.subject)?.appliedAt ?? 0]
        }
        guard tables.hasStore, thing.stream == "orders" else { return ages.max() ?? 0 }
        let order = try whyOrder(thing)
        return order?.placedAt ?? order?.takenAt ?? ages.max() ?? 0
    }
}

extension WhyFacts {
    /// Whether something of the thing may lie in the road's queue.
    fileprivate func mayLie(in leg: WhyLeg) -> Bool {
        switch leg.standing(now: now) {
        case .queued, .stated, .resent, .waiting, .replayed, .begun: true
        default: leg.newest == 0 && shown.order?.revision == 0
        }
    }
}

extension WhyReport {
    /// The queues that the answer speaks of: those that something waits in, and where nothing is found those that what
    /// was asked for may lie in.
    var queues: Set<String> {
        guard isFound else { return [Catalogue.takenOrders, FleetTopology.unroutedQueue] }
        let waiting = answers.flatMap { facts in facts.legs.filter { facts.mayLie(in: $0) } }
        return Set((waiting + answers.compactMap(\.shipping)).map(\.queue))
    }

    /// The same report with what the broker says.
    func told(by broker: WhyBroker) -> WhyReport {
        var report = self
        report.broker = broker
        for index in report.answers.indices { report.answers[index].broker = broker }
        guard !isFound else { return report }
        if let taken = broker[Catalogue.takenOrders], taken.ready > 0 {
            let count = Count.text(taken.ready, "message")
            report.absence.append("No worker has read \(count) in \(Catalogue.takenOrders): it may be one of them.")
        }
        if let stray = broker[FleetTopology.unroutedQueue], stray.ready > 0 {
            report.absence.append(
                "\(Count.text(stray.ready, "message")) found no queue, and it may be one of them: "
                    + "`dead-letter list --queue \(FleetTopology.unroutedQueue)`.")
        }
        return report
    }
}
