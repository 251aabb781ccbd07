internal import Fleet
internal import Ledger
internal import Logging
internal import Models

/// Where figures lie that need no question to the ERP: what it has said before, and what the feed has brought to the store.
///
/// Whoever asks has it from memory when it was looked up in the last second, else from one look into the ledger, for which
/// an answer waits only so long. A ledger that does not answer leaves what was looked up in the last ten minutes, with the
/// age that it has. What the ERP says is known here at once, and in the ledger a moment later.
final class QuoteShelf: Sendable {
    /// So long what was looked up is taken for what the ledger has.
    static let freshness = Duration.seconds(1)
    /// So long it is used when the ledger does not say what it has now; what has changed since, nobody can know.
    static let staleness = Duration.seconds(600)
    private static let writeEvery = Duration.milliseconds(200)
    private static let pruneEvery = Duration.seconds(30)
    /// Rows that are removed at once.
    private static let pruneStep = 1_000

    private let ledger: Ledger
    private let settings: QuoteSettings
    /// Whether the ledger's file has the store's tables.
    private let hasStore: Bool
    private let logger: Logger
    private let memory: FigureMemory
    private let unsaved = UnsavedFigures()
    private let looks = OpenLooks()

    init(ledger: Ledger, settings: QuoteSettings, hasStore: Bool, logger: Logger) {
        self.ledger = ledger
        self.settings = settings
        self.hasStore = hasStore
        self.logger = logger
        memory = FigureMemory(limit: min(settings.cacheRows, 50_000))
    }

    // MARK: - Looking

    /// What is known of a question. A ledger that does not say until then says nothing: what was known not long before
    /// serves.
    func known(
        of request: QuoteRequest, until deadline: ContinuousClock.Instant, at now: ContinuousClock.Instant = .now
    ) async -> KnownFigures {
        let fresh = KnownFigures(of: request, settings) { key in
            guard let entry = memory[key], now - entry.at < Self.freshness else { return .notYet }
            return .figure(entry.figure)
        }
        if let fresh { return fresh }
        if let found = await looked(for: request, until: deadline) { return found }
        let today = Timestamp.now()
        return KnownFigures(of: request, settings) { .figure(remembered($0, at: now, today)) }
            ?? KnownFigures(nothingOf: request, settings)
    }

    /// What was looked up or said before and may serve still: neither looked up too long ago, nor said too long ago.
    private func remembered(
        _ key: FigureKey, at now: ContinuousClock.Instant, _ today: Timestamp
    ) -> Figure? {
        guard let entry = memory[key], now - entry.at < Self.staleness, let figure = entry.figure else { return nil }
        guard !figure.isShown, let question = key.cacheAddress?.question, let asOf = figure.asOf else { return figure }
        let age = today.microseconds - asOf.microseconds
        return age <= (settings.expiry[question] ?? .zero).microseconds ? figure : nil
    }

    /// Nil when the ledger did not answer in time, or too many wait for nobody any more.
    private func looked(
        for request: QuoteRequest, until deadline: ContinuousClock.Instant
    ) async -> KnownFigures? {
        guard let look = looks.begin() else { return nil }
        let shared = SharedAnswer<KnownFigures?>()
        Task {
            let found = try? await read(request)
            looks.end(look)
            shared.open(found)
        }
        guard let found = await shared.wait(until: deadline) else {
            looks.abandon(look)
            return nil
        }
        return found
    }

    private func read(_ request: QuoteRequest) async throws -> KnownFigures? {
        let (settings, unsaved, hasStore) = (settings, unsaved, hasStore)
        let begun = ContinuousClock.now
        let (known, found) = try await ledger.read { snapshot in
            let look = FigureLook(snapshot: snapshot, settings: settings, unsaved: unsaved, hasStore: hasStore)
            var found: [FigureKey: Figure?] = [:]
            let known = try KnownFigures(of: request, settings) { key in
                let figure = try look.figure(key)
                found.updateValue(figure, forKey: key)
                return .figure(figure)
            }
            return (known, found)
        }
        memory.put(found, at: begun)
        return known
    }

    // MARK: - Learning

    /// The ERP has said this; nil where it says nothing of something any more.
    func learn(_ figures: [FigureKey: Figure?], at now: Timestamp) {
        memory.put(figures, at: .now)
        unsaved.add(figures, at: now.microseconds)
    }

    /// What is known of a key at this moment, without looking.
    func remembered(_ key: FigureKey) -> Figure? { memory[key]?.figure }

    /// How many figures are in memory, and how many were forgotten because the ledger took none.
    var counts: (inMemory: Int, dropped: Int) { (memory.count, unsaved.dropped) }

    /// How many looks into the ledger are under way for which nobody waits any more.
    var abandonedLooks: Int { looks.abandoned }

    // MARK: - Keeping

    /// Writes what the ERP has said, and removes what is too old or too much, until cancelled.
    func keep() async {
        var pruneAt = ContinuousClock.now + Self.pruneEvery
        while (try? await Task.sleep(for: Self.writeEvery)) != nil {
            await save()
            guard pruneAt <= .now else { continue }
            pruneAt = .now + Self.pruneEvery
            await prune()
        }
    }

    /// Writes what the ERP has said since the last time. What the ledger does not take now it takes the next time.
    func save() async {
        let notes = unsaved.take()
        guard !notes.isEmpty else { return unsaved.written(true) }
        do {
            try await ledger.write(patience: Ledger.gathering) { transaction in
                for (key, note) in notes {
                    guard let address = key.cacheAddress else { continue }
                    try transaction.cache(note.figure, address.question, address.place, at: note.at)
                }
            }
            unsaved.written(true)
        } catch {
            unsaved.written(false)
            logger.debug("figures not written", metadata: ["reason": "\(error)"])
        }
    }

    /// Removes what is too old, and the oldest of what is too much: a thousand of each at a time, so that nobody's write
    /// waits for it.
    func prune() async {
        let (expiry, most, now) = (settings.expiry, settings.cacheRows, Timestamp.now().microseconds)
        do {
            let removed = try await ledger.write { transaction in
                var removed = 0
                for (question, age) in expiry {
                    removed += try transaction.pruneCache(
                        question, before: now - age.microseconds, limit: Self.pruneStep)
                }
                return try removed + transaction.pruneCache(toRows: most, limit: Self.pruneStep)
            }
            if removed > 0 { logger.debug("cache pruned", metadata: ["rows": "\(removed)"]) }
        } catch {
            logger.debug("cache not pruned", metadata: ["reason": "\(error)"])
        }
    }
}

extension Duration {
    /// In whole microseconds.
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
