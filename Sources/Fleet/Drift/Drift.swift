package import Ledger
internal import Models

/// An object that the store and the ERP have been found to disagree about, as the last run that was to remember saw it.
package struct Drift: Hashable, Sendable {
    /// What kind of disagreement it is.
    package enum Class: String, Hashable, Sendable, CaseIterable {
        /// The ERP has it, and the store does not show it.
        case missingInStore = "missing-in-store"
        /// An order of the store that was handed over, and the ERP does not have it.
        case missingInERP = "missing-in-erp"
        /// Both have it, and not the same.
        case differing
        /// The store shows it, and the ERP does not list it any more.
        case orphaned
    }

    /// What was compared, as the feed names its streams: `products`, `stock/EAST`, `orders`.
    package var kind: String
    /// The business key.
    package var subject: String
    package var what: Class
    /// Of what the ERP says, and of what the store shows, as they were seen.
    package var digest: String
    /// When it was first seen to be so, in microseconds since 1970.
    package var since: Int64
    /// When it was seen last.
    package var seenAt: Int64

    package init(kind: String, subject: String, what: Class, digest: String, since: Int64, seenAt: Int64) {
        self.kind = kind
        self.subject = subject
        self.what = what
        self.digest = digest
        self.since = since
        self.seenAt = seenAt
    }
}

/// The table of what has drifted.
package enum DriftTable {
    package static let component = "reconcile"
    package static let migration = LedgerMigration(
        number: 1, name: "drift",
        script: """
            CREATE TABLE drift (
                kind TEXT NOT NULL, subject TEXT NOT NULL, class TEXT NOT NULL, digest TEXT NOT NULL,
                since INTEGER NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (kind, subject)
            ) WITHOUT ROWID;
            CREATE INDEX drift_since ON drift (since);
            """)

    /// The newest of each kind are asked for every few seconds, however many there are.
    private static let spans = LedgerMigration(
        number: 2, name: "drift by kind", script: "CREATE INDEX drift_kind_since ON drift (kind, since, subject)")

    /// Brings it up to date; a run that is to remember does at its start.
    package static func migrate(_ ledger: Ledger) async throws {
        try await ledger.migrate(component: component, [migration, spans])
    }
}

extension LedgerTransaction {
    /// Writes down that it is so now. What was known to be so keeps since when; another class is another drift.
    /// - Returns: whether it is news.
    package func remember(_ drift: Drift) throws -> Bool {
        let known = try first(
            "SELECT since, seen_at, class FROM drift WHERE kind = ? AND subject = ?", .text(drift.kind),
            .text(drift.subject)
        ) { (since: $0.integer(0), seenAt: $0.integer(1), what: $0.text(2)) }
        let since = known.flatMap { $0.what == drift.what.rawValue ? $0.since : nil }
        // A run that began later may have ended before, but none begins later than now.
        let newest = max(drift.seenAt, Timestamp.now().microseconds)
        let seenAt = min(max(drift.seenAt, known?.seenAt ?? drift.seenAt), newest)
        try execute(
            "INSERT OR REPLACE INTO drift (kind, subject, class, digest, since, seen_at) VALUES (?, ?, ?, ?, ?, ?)"
        ) { bind in
            bind.text(drift.kind)
            bind.text(drift.subject)
            bind.text(drift.what.rawValue)
            bind.text(drift.digest)
            bind.integer(since ?? drift.since)
            bind.integer(seenAt)
        }
        return since == nil
    }

    /// What a whole comparison of this kind that began at `time` has not seen is over; what one that began later has seen is not.
    /// - Returns: how many that are.
    package func forgetDrift(of kind: String, notSeenAt time: Int64) throws -> Int {
        // Nobody has begun later than now: that was a clock that was ahead.
        let now = max(time, Timestamp.now().microseconds)
        return try execute(
            "DELETE FROM drift WHERE kind = ? AND (seen_at < ? OR seen_at > ?)", .text(kind), .integer(time),
            .integer(now))
    }

    /// Kinds that are not compared any more, such as the stock of a warehouse that is gone.
    package func forgetDrift(ofStreams prefix: String, otherThan kinds: Set<String>) throws {
        let known = try query("SELECT DISTINCT kind FROM drift") { $0.text(0) }
        for kind in known where kind.hasPrefix(prefix) && !kinds.contains(kind) {
            try execute("DELETE FROM drift WHERE kind = ?", .text(kind))
        }
    }
}

extension LedgerSnapshot {
    /// What was first seen after `time`, the oldest first; nothing before a run was to remember.
    package func drift(since time: Int64 = .min, limit: Int = .max) throws -> [Drift] {
        guard try hasDriftTable() else { return [] }
        return try query(
            """
            SELECT kind, subject, class, digest, since, seen_at FROM drift WHERE since > ?
            ORDER BY since, kind, subject LIMIT ?
            """, .integer(time), .integer(Int64(limit))
        ) { row in
            Drift(
                kind: row.text(0), subject: row.text(1), what: Drift.Class(rawValue: row.text(2)) ?? .differing,
                digest: row.text(3), since: row.integer(4), seenAt: row.integer(5))
        }
    }

    /// What was found of one object; nil when nothing was, or no run was to remember.
    package func drift(of kind: String, _ subject: String) throws -> Drift? {
        guard try hasDriftTable() else { return nil }
        return try first(
            "SELECT class, digest, since, seen_at FROM drift WHERE kind = ? AND subject = ?", .text(kind),
            .text(subject)
        ) { row in
            Drift(
                kind: kind, subject: subject, what: Drift.Class(rawValue: row.text(0)) ?? .differing,
                digest: row.text(1), since: row.integer(2), seenAt: row.integer(3))
        }
    }

    /// How many objects have drifted, by kind and class; nothing before a run was to remember.
    package func driftCounts(since time: Int64 = .min) throws -> [String: [Drift.Class: Int]] {
        guard try hasDriftTable() else { return [:] }
        let rows = try query(
            "SELECT kind, class, count(*) FROM drift WHERE since > ? GROUP BY kind, class", .integer(time)
        ) { row in
            (kind: row.text(0), what: Drift.Class(rawValue: row.text(1)) ?? .differing, count: Int(row.integer(2)))
        }
        return rows.reduce(into: [:]) { $0[$1.kind, default: [:]][$1.what, default: 0] += $1.count }
    }

    /// When the first and the last of what has drifted were first seen, by kind, however many there are; nothing before a run
    /// was to remember.
    package func driftSpans() throws -> [String: ClosedRange<Int64>] {
        guard try hasDriftTable() else { return [:] }
        let rows = try query("SELECT kind, min(since), max(since) FROM drift GROUP BY kind") { row in
            (kind: row.text(0), first: row.integer(1), last: row.integer(2))
        }
        return rows.reduce(into: [:]) { $0[$1.kind] = $1.first...$1.last }
    }

    /// What of a kind has drifted last, the newest first.
    package func driftSubjects(of kind: String, limit: Int) throws -> [String] {
        guard try hasDriftTable() else { return [] }
        return try query(
            "SELECT subject FROM drift WHERE kind = ? ORDER BY since DESC, subject LIMIT ?", .text(kind),
            .integer(Int64(limit))
        ) { $0.text(0) }
    }

    private func hasDriftTable() throws -> Bool {
        try first("SELECT 1 FROM sqlite_schema WHERE name = 'drift'") { $0.integer(0) } != nil
    }
}
