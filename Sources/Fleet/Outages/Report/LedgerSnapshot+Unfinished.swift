internal import Ledger
internal import Models

// What is not finished, though it has left its queue: the broker does not say, without its management plugin, how much
// workers hold.
extension LedgerSnapshot {
    /// The flow of which the ledger knows every object that is not finished.
    static var followedFlow: String { Catalogue.orderPlaced.queue }

    /// How many orders of the store have a newest revision that was noted by then, and is neither finished nor in front of
    /// a person. Those in a retry tier are among them.
    func unfinishedOrders(notedBy time: Int64 = .max) throws -> Int {
        guard try first("SELECT 1 FROM sqlite_schema WHERE name = 'last_word'", row: { $0.integer(0) }) != nil else {
            return 0
        }
        let count = try first(
            """
            SELECT count(*) FROM last_word AS w WHERE w.family = ? AND w.noted_at <= ?
                AND NOT EXISTS (
                    SELECT 1 FROM dead_letter AS d
                    WHERE d.subject = w.subject AND d.revision = w.revision AND d.state = 'open')
            """, .text(Catalogue.orderPlaced.family), .integer(time)
        ) { $0.integer(0) }
        return Int(count ?? 0)
    }

    /// When a message of these types was finished last, since a time; nil when none was. Of a busy journal the last part
    /// counts.
    func lastFinish(of types: [String], since time: Int64) throws -> Int64? {
        guard let bounds = try journalBounds(), !types.isEmpty else { return nil }
        let first = max(try lastStep(before: time, bounds), bounds.upperBound - JournalTally.shortReach)
        let marks = types.map { _ in "?" }.joined(separator: ", ")
        return try query(
            text: """
                SELECT at FROM journal WHERE id > ? AND at >= ? AND stage = 'applied' AND type IN (\(marks))
                ORDER BY id DESC LIMIT 1
                """, [.integer(first), .integer(time)] + types.map { SQLValue.text($0) }
        ) { $0.integer(0) }.first
    }
}
