package import Ledger
package import Models

/// What the watch has said of a thing.
package struct SaidAlert: Hashable, Sendable {
    /// The last that it said.
    package var alert: Alert
    /// What it said when there was most of it in this episode.
    package var worst: Alert
    /// When it said the last, in microseconds since 1970.
    package var at: Int64
}

// What the watch has said, so that it says only news, whoever watches.
extension LedgerSnapshot {
    /// What was said last of a thing; nil when nothing ever was.
    package func saidAlert(key: String) throws -> SaidAlert? {
        let row = try first(
            "SELECT body, worst, said_at, state, raised_at FROM alert_watch WHERE key = ?", .text(key)
        ) {
            (body: $0.blob(0), worst: $0.blob(1), at: $0.integer(2), state: $0.text(3), raisedAt: $0.integer(4))
        }
        guard let row else { return nil }
        let alert =
            AlertRecord.read(row.body) ?? .unreadable(key, state: row.state, raisedAt: row.raisedAt, saidAt: row.at)
        return SaidAlert(alert: alert, worst: AlertRecord.read(row.worst) ?? alert, at: row.at)
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
        let worst = try saidAlert(key: alert.key)?.worst
        let isWorse = worst.map { $0.raisedAt != alert.raisedAt || $0.count <= alert.count } ?? true
        try execute(
            """
            INSERT OR REPLACE INTO alert_watch (key, state, raised_at, said_at, body, worst) VALUES (?, ?, ?, ?, ?, ?)
            """, .text(alert.key), .text(alert.state.rawValue), .integer(alert.raisedAt.microseconds), .integer(now),
            .blob(AlertRecord.written(alert)), .blob(AlertRecord.written(isWorse ? alert : worst ?? alert)))
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

extension Alert {
    /// Stands for what a newer version has said and this one cannot read, so that it ends all the same.
    fileprivate static func unreadable(_ key: String, state: String, raisedAt: Int64, saidAt: Int64) -> Alert {
        let began = Timestamp(microseconds: raisedAt) ?? .now()
        let isOpen = state == State.open.rawValue
        return Alert(
            key: key, revision: 1, state: isOpen ? .open : .resolved, kind: .other, severity: .error,
            code: "alert.unreadable", sentence: "What was said of \(key) cannot be read by this version.",
            remedy: "Run the same version of alerts-worker everywhere.", raisedAt: began, lastAt: began,
            resolvedAt: isOpen ? nil : Timestamp(microseconds: saidAt) ?? began)
    }
}
