package import Ledger
package import Models

/// An alert as the ledger has it: what the newest message said, and what people have done about it since.
package struct AlertRecord: Hashable, Sendable {
    package var alert: Alert
    /// Who has said that they look after it; nil while nobody has.
    package var acknowledgedBy: String?
    /// When, in microseconds since 1970.
    package var acknowledgedAt: Int64?
    /// What they have said.
    package var note: String?

    package init(
        _ alert: Alert, acknowledgedBy: String? = nil, acknowledgedAt: Int64? = nil, note: String? = nil
    ) {
        self.alert = alert
        self.acknowledgedBy = acknowledgedBy
        self.acknowledgedAt = acknowledgedAt
        self.note = note
    }

    /// Whether somebody looks after it, so that nobody else need be called.
    package var isAttended: Bool { acknowledgedBy != nil || alert.owner != nil }

    /// The name of the episode: when it began, in microseconds since 1970.
    package var episode: Int64 { alert.raisedAt.microseconds }

    /// Whether a notice was refused, and what it says still has to be said.
    package func isUnsaid(_ notice: AlertNotice) -> Bool {
        guard notice.state == .refused, notice.episode == episode else { return false }
        return switch notice.occasion {
        case .raised, .again: alert.state == .open
        case .escalated: alert.state == .open && !isAttended
        case .resolved: alert.state == .resolved
        }
    }
}

extension LedgerSnapshot {
    /// The alert of that key; nil when there never was one.
    package func alert(key: String) throws -> AlertRecord? {
        try first("\(AlertRecord.columns) WHERE key = ?", [.text(key)]).first
    }

    /// Which revision of an alert is kept, also of one that only a newer version can read; 0 when there never was one.
    package func alertRevision(key: String) throws -> Int64 {
        try first("SELECT revision FROM alert WHERE key = ?", .text(key)) { $0.integer(0) } ?? 0
    }

    /// Alerts, the newest first.
    package func alerts(_ state: Alert.State? = .open, limit: Int = .max) throws -> [AlertRecord] {
        try first(
            "\(AlertRecord.columns) WHERE ?1 IS NULL OR state = ?1 ORDER BY raised_at DESC, key LIMIT ?2",
            [.text(orNull: state?.rawValue), .integer(Int64(limit))])
    }

    /// The keys that a person may mean who types this: that key alone when there is one, or else those of which it is
    /// the beginning, of the whole or of what stands behind the slash. At most so many, the newest alerts first.
    package func alertKeys(meaning text: String, limit: Int = 10) throws -> [String] {
        try query(
            """
            SELECT key FROM alert
            WHERE key = ?1 OR (NOT EXISTS (SELECT 1 FROM alert WHERE key = ?1) AND (substr(key, 1, length(?1)) = ?1
                OR substr(key, instr(key, '/') + 1, length(?1)) = ?1))
            ORDER BY raised_at DESC, key LIMIT ?2
            """, .text(text), .integer(Int64(limit))
        ) { $0.text(0) }
    }

    private func first(_ sql: String, _ values: [SQLValue]) throws -> [AlertRecord] {
        let rows = try query(text: sql, values) { row in
            (
                body: row.blob(0), by: row.optionalText(1), at: row.optionalInteger(2), note: row.optionalText(3)
            )
        }
        return rows.compactMap { row in
            AlertRecord.read(row.body).map {
                AlertRecord($0, acknowledgedBy: row.by, acknowledgedAt: row.at, note: row.note)
            }
        }
    }
}

extension LedgerTransaction {
    /// Writes an alert as its newest message has it; what people have said of the same episode stays.
    package func save(_ alert: Alert) throws {
        let body = AlertRecord.written(alert)
        try execute(
            """
            INSERT INTO alert (key, revision, state, kind, severity, code, flow, raised_at, last_at, resolved_at, body)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            ON CONFLICT (key) DO UPDATE SET revision = ?2, state = ?3, kind = ?4, severity = ?5, code = ?6, flow = ?7,
                last_at = ?9, resolved_at = ?10, body = ?11,
                acknowledged_by = CASE WHEN raised_at = ?8 THEN acknowledged_by END,
                acknowledged_at = CASE WHEN raised_at = ?8 THEN acknowledged_at END,
                note = CASE WHEN raised_at = ?8 THEN note END, raised_at = ?8
            """, .text(alert.key), .integer(alert.revision), .text(alert.state.rawValue),
            .text(alert.kind.rawValue), .text(alert.severity.rawValue), .text(alert.code),
            .text(orNull: alert.flow), .integer(alert.raisedAt.microseconds), .integer(alert.lastAt.microseconds),
            .integer(orNull: alert.resolvedAt?.microseconds), .blob(body))
    }

    /// Forgets alerts that ended before that time, and who was told of them. At most so many at once.
    package func forgetAlerts(before time: Int64, limit: Int) throws {
        let keys = try query(
            "SELECT key FROM alert WHERE state = 'resolved' AND resolved_at < ? LIMIT ?", .integer(time),
            .integer(Int64(limit))
        ) { $0.text(0) }
        for key in keys {
            try execute("DELETE FROM alert_notice WHERE alert = ? AND state <> 'due'", .text(key))
            try execute("DELETE FROM alert WHERE key = ?", .text(key))
        }
    }

    /// Notes that somebody looks after an open alert; false when there is none of that key.
    package func acknowledgeAlert(key: String, by: String, note: String?, now: Int64) throws -> Bool {
        try execute(
            "UPDATE alert SET acknowledged_by = ?, acknowledged_at = ?, note = ? WHERE key = ? AND state = 'open'",
            .text(by), .integer(now), .text(orNull: note), .text(key)) == 1
    }
}

extension AlertRecord {
    fileprivate static let columns = "SELECT body, acknowledged_by, acknowledged_at, note FROM alert"

    /// The body is a whole message, so that it keeps its contract and a later version of it can be read as well.
    static func written(_ alert: Alert) -> [UInt8] {
        let envelope = Envelope(
            for: alert, as: Catalogue.alertRaised, source: FleetTopology.source, time: alert.lastAt)
        return MessageWriter().write(envelope, alert)
    }

    /// Nil for what a newer version has written and this one cannot read.
    static func read(_ body: [UInt8]) -> Alert? {
        (try? MessageReader().read(body))?.payload as? Alert
    }
}
