internal import Ledger

/// What could not be reached at the last looks, and since when: so that a place which seems to be back for a moment,
/// because the worker that waited for it was restarted or one call has succeeded, is neither said to work again nor
/// taken for a new outage.
struct OutageMemory {
    /// How long a place must not be missed to be back.
    private static let calm: Int64 = 45_000_000
    /// How old what is written down may become while a place is away, so that not every look writes.
    private static let renewal: Int64 = 10_000_000

    private let all: [String: (since: Int64, seenAt: Int64)]
    private let now: Int64

    init(_ snapshot: LedgerSnapshot, now: Int64) throws {
        let rows = try snapshot.query("SELECT place, since, seen_at FROM outage_sighting") { row in
            (row.text(0), (since: row.integer(1), seenAt: row.integer(2)))
        }
        all = Dictionary(rows) { first, _ in first }
        self.now = now
    }

    /// The places that were away just now.
    var places: [String] { all.keys.filter { since(of: $0) != nil } }

    /// Since when the place is away; nil when it was not just now. A clock that was set back forgets.
    func since(of place: String) -> Int64? {
        guard let sighting = all[place], (0..<Self.calm).contains(now - sighting.seenAt) else { return nil }
        return sighting.since
    }

    /// Whether what is away now has to be written down.
    func isNews(_ absences: [String: Int64]) -> Bool {
        absences.contains { isNews($0, since: $1) } || all.keys.contains { isOver($0, absences) }
    }

    /// Writes down what is away now, and since when.
    func note(_ absences: [String: Int64], in transaction: LedgerTransaction) throws {
        for place in all.keys where isOver(place, absences) {
            try transaction.execute("DELETE FROM outage_sighting WHERE place = ?", .text(place))
        }
        for (place, since) in absences where isNews(place, since: since) {
            try transaction.execute(
                "INSERT OR REPLACE INTO outage_sighting (place, since, seen_at) VALUES (?, ?, ?)", .text(place),
                .integer(since), .integer(now))
        }
    }

    private func isNews(_ place: String, since: Int64) -> Bool {
        guard let sighting = all[place], sighting.since == since else { return true }
        return !(0..<Self.renewal).contains(now - sighting.seenAt)
    }

    private func isOver(_ place: String, _ absences: [String: Int64]) -> Bool {
        absences[place] == nil && since(of: place) == nil
    }
}
