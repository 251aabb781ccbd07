package import Ledger

/// What the journal says of a span of time: how many messages of some flows came in, and how many were answered.
package struct JournalTally: Hashable, Sendable {
    /// Messages that were noted as the store sent them.
    package var cameIn = 0
    /// Messages that were dealt with by the system they were for.
    package var answered = 0
    /// Messages that nobody had to be called for: a newer revision went in their place, or called the object off.
    package var spared = 0
    /// Whether every step was counted: of a very long span only the last steps are, and a journal is not kept for ever.
    package var isWhole = true
    /// The last step that was counted, for whoever goes on counting.
    var through: Int64 = 0

    package init(cameIn: Int = 0, answered: Int = 0, spared: Int = 0, isWhole: Bool = true) {
        (self.cameIn, self.answered, self.spared, self.isWhole) = (cameIn, answered, spared, isWhole)
    }

    /// How many steps are looked at, of whatever message: about as many as take a third of a second.
    static let reach: Int64 = 4_000_000
    /// The same for how fast calls were answered before an outage, which is asked for again and again.
    static let shortReach: Int64 = 100_000
    /// Of how long before an outage that is, in microseconds.
    static let hour: Int64 = 3_600_000_000
    /// The stretch of it in which most were answered, in microseconds.
    static let minute: Int64 = 60_000_000
    /// Fewer answers in such a stretch say nothing of a pace.
    static let fewest = 10
}

extension LedgerSnapshot {
    /// What became of messages of these types in a span of time, in microseconds since 1970. The ends are found by the
    /// order of the steps, so that this costs no more where the journal is long.
    /// - Parameter known: What was counted of the same span before; only what came since is added.
    package func journalTally(
        of types: [String], from start: Int64, to end: Int64, after known: JournalTally? = nil
    ) throws -> JournalTally {
        guard let bounds = try journalBounds(), !types.isEmpty else { return known ?? JournalTally() }
        let last = try lastStep(before: end, bounds)
        var tally = JournalTally()
        if let known {
            tally = known
        } else {
            let place = try lastStep(before: start, bounds)
            tally.through = max(place, last - JournalTally.reach)
            // Where the journal's first steps are gone, its oldest one is no beginning.
            tally.isWhole = tally.through == place && (place >= bounds.lowerBound || bounds.lowerBound == 1)
        }
        guard tally.through < last else { return tally }
        let more = try counts(of: types, after: tally.through, through: last)
        tally.cameIn += more.cameIn
        tally.answered += more.answered
        tally.spared += more.spared
        tally.through = last
        return tally
    }

    private func counts(
        of types: [String], after first: Int64, through last: Int64
    ) throws -> JournalTally {
        let marks = types.map { _ in "?" }.joined(separator: ", ")
        let rows = try query(
            text: """
                SELECT total(stage = 'noted'), total(stage = 'applied'), total(stage IN ('superseded', 'withheld'))
                FROM journal WHERE id > ? AND id <= ? AND type IN (\(marks))
                """, [.integer(first), .integer(last)] + types.map { SQLValue.text($0) }
        ) { row in JournalTally(cameIn: Int(row.real(0)), answered: Int(row.real(1)), spared: Int(row.real(2))) }
        return rows.first ?? JournalTally()
    }

    // MARK: - Places in the journal

    /// The ids of the first and the last step; nil of an empty journal.
    func journalBounds() throws -> ClosedRange<Int64>? {
        let ends = try first("SELECT (SELECT min(id) FROM journal), (SELECT max(id) FROM journal)") { row in
            (first: row.optionalInteger(0), last: row.optionalInteger(1))
        }
        guard let oldest = ends?.first, let newest = ends?.last, oldest <= newest else { return nil }
        return oldest...newest
    }

    /// The last step that was made before that time; one before the first when none was. Steps are nearly in the order
    /// of time: by how much two workers' clocks differ does not matter here.
    func lastStep(before time: Int64, _ bounds: ClosedRange<Int64>) throws -> Int64 {
        var (low, high) = (bounds.lowerBound - 1, bounds.upperBound)
        while low < high {
            let middle = high - (high - low) / 2
            guard let found = try step(upTo: middle), found.id > low else {
                low = middle
                continue
            }
            if found.at < time { low = middle } else { high = found.id - 1 }
        }
        return low
    }

    /// The last step that has this id or a lower one: what was pruned leaves gaps.
    func step(upTo id: Int64) throws -> (id: Int64, at: Int64)? {
        try first("SELECT id, at FROM journal WHERE id <= ? ORDER BY id DESC LIMIT 1", .integer(id)) { row in
            (id: row.integer(0), at: row.integer(1))
        }
    }
}
