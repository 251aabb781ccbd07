package import Ledger
package import Models

// What the watch has said, so that it says only news, whoever watches.
extension LedgerSnapshot {
    /// What was said last of a thing, and when; nil when nothing ever was.
    package func saidAlert(key: String) throws -> (alert: Alert, at: Int64)? {
        let row = try first("SELECT body, said_at FROM alert_watch WHERE key = ?", .text(key)) {
            (body: $0.blob(0), at: $0.integer(1))
        }
        guard let row, let alert = AlertRecord.read(row.body) else { return nil }
        return (alert, row.at)
    }

    /// The keys with this beginning of which it was said last that they hold.
    package func openSaidKeys(prefix: String) throws -> [String] {
        try query(
            "SELECT key FROM alert_watch WHERE key >= ?1 AND key < ?1 || char(1114111) AND state = 'open' ORDER BY key",
            .text(prefix)
        ) { $0.text(0) }
    }
}

extension LedgerTransaction {
    /// Notes what is said now.
    package func noteSaid(_ alert: Alert, now: Int64) throws {
        try execute(
            "INSERT OR REPLACE INTO alert_watch (key, state, said_at, body) VALUES (?, ?, ?, ?)", .text(alert.key),
            .text(alert.state.rawValue), .integer(now), .blob(AlertRecord.written(alert)))
    }

    /// Forgets what ended before that time; what still holds stays. At most so many.
    package func forgetSaid(before time: Int64, limit: Int) throws {
        try execute(
            """
            DELETE FROM alert_watch WHERE key IN
                (SELECT key FROM alert_watch WHERE state = 'resolved' AND said_at < ? LIMIT ?)
            """, .integer(time), .integer(Int64(limit)))
    }
}
