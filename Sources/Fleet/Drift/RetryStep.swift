internal import Ledger

/// The step that put a message into a retry tier, as the journal has it.
package struct RetryStep: Hashable, Sendable {
    package let tier: RetryTier
    /// When the tier gives it back at the latest, in microseconds since 1970.
    package let dueAt: Int64

    /// For how long one that has not come back is still on its way. A broker that finds the queue full keeps it, tries
    /// again every few minutes, and counts it among no messages that are ready.
    package static let patience = Duration.seconds(3_600)

    /// Nil for any other step.
    package init?(stage: String, detail: String?, at: Int64) {
        guard ["retried", "returned"].contains(stage), let tier = RetryTier(named: detail) else { return nil }
        self.tier = tier
        dueAt = at + Int64(tier.delay / .microseconds(1))
    }

    /// Until when nobody need do anything about it, in microseconds since 1970.
    package var patientUntil: Int64 { dueAt + Int64(Self.patience / .microseconds(1)) }
}

extension RetryTier {
    /// The tier of a step's detail: `waits 5m: The ERP is busy.`, `waits 5s, no attempt spent: …`.
    package init?(named detail: String?) {
        guard let detail, detail.hasPrefix("waits ") else { return nil }
        self.init(rawValue: String(detail.dropFirst(6).prefix { $0 != ":" && $0 != "," }))
    }
}

extension LedgerSnapshot {
    /// Those of some subjects of which the newest step, among messages of these types, put one into a retry tier. Looks
    /// back some two million steps, and asks for all of the subjects together.
    func newestRetries(_ subjects: [String], types: Set<String>) throws -> [String: RetryStep] {
        guard !subjects.isEmpty, let chunks = try indexedChunks() else { return [:] }
        let values = [SQLValue.integer(chunks.last), .integer(chunks.first)] + subjects.map { SQLValue.text($0) }
        let rows = try query(text: Self.steps(of: subjects.count), values) { row in
            (
                id: row.integer(0), subject: row.text(1), type: row.text(2),
                step: RetryStep(stage: row.text(3), detail: row.optionalText(4), at: row.integer(5))
            )
        }
        var newest: [String: (id: Int64, step: RetryStep?)] = [:]
        for row in rows where types.contains(row.type) && row.id > newest[row.subject]?.id ?? 0 {
            newest[row.subject] = (row.id, row.step)
        }
        return newest.compactMapValues { $0.step }
    }

    /// Where to begin and end among the chunks that the journal's index has; nil of an empty journal.
    private func indexedChunks() throws -> (first: Int64, last: Int64)? {
        let extent = try query(text: JournalSQL.extent.description) { row in
            (oldest: row.optionalInteger(0), newest: row.optionalInteger(1), through: row.integer(2))
        }.first
        guard let extent, let oldest = extent.oldest, let newest = extent.newest else { return nil }
        // As the journal's own reader has it: of an emptied journal the index claims to be further than it is.
        let last = min(extent.through, newest - 1)
        return (max(oldest, last - 255), last)
    }

    /// What the flow that only looks on does says nothing of how a message fares on its own road.
    private static func steps(of count: Int) -> String {
        let marks = (0..<count).map { "?\($0 + 3)" }.joined(separator: ", ")
        return """
            WITH RECURSIVE chunk (number) AS (
                SELECT ?1 UNION ALL SELECT number - 1 FROM chunk WHERE number > ?2
            )
            SELECT step.id, step.subject, coalesce(step.type, ''), step.stage, step.detail, step.at
            FROM chunk CROSS JOIN journal_by_subject AS place
                ON place.chunk = chunk.number AND place.subject IN (\(marks))
                CROSS JOIN journal AS step ON step.id = place.step
            WHERE step.stage NOT GLOB 'noted*'
            UNION ALL
            SELECT id, subject, coalesce(type, ''), stage, detail, at FROM journal
            WHERE id >= ((?1 + 1) << 13) AND subject IN (\(marks)) AND stage NOT GLOB 'noted*'
            """
    }
}
