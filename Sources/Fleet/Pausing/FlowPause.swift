package import Ledger
internal import Models

/// A flow that is paused in some worker of the fleet, and why: what `stevedore status` shows.
package struct FlowPause: Hashable, Sendable {
    /// The flow's queue.
    package var queue: String
    /// The worker that paused it.
    package var holder: String
    /// Since when, in microseconds since 1970.
    package var since: Int64
    /// The reason's stable code.
    package var code: String
    /// The reason in a sentence.
    package var reason: String
    /// What to do about it.
    package var remedy: String

    package init(queue: String, holder: String, since: Int64, code: String, reason: String, remedy: String) {
        self.queue = queue
        self.holder = holder
        self.since = since
        self.code = code
        self.reason = reason
        self.remedy = remedy
    }

    /// A pause whose worker has not said so for two minutes, in microseconds, is forgotten: the worker is gone. One that was
    /// seen later than now by as much was written before the clock was set back.
    static let forgotten: Int64 = 120_000_000

    /// Every pause there is now, the longest first.
    package static func all(_ ledger: Ledger) async throws -> [FlowPause] {
        try await ledger.read { try all($0, now: Timestamp.now().microseconds) }
    }

    /// Every pause that there is at `now`, in microseconds since 1970, the longest first.
    package static func all(_ snapshot: LedgerSnapshot, now: Int64) throws -> [FlowPause] {
        // A ledger that no worker of this version has opened has no such table.
        let isThere = try snapshot.first("SELECT 1 FROM sqlite_schema WHERE name = 'flow_pause'") { $0.integer(0) }
        guard isThere != nil else { return [] }
        return try snapshot.query(
            """
            SELECT queue, holder, since, code, reason, remedy FROM flow_pause WHERE seen BETWEEN ? AND ?
            ORDER BY since, queue, holder
            """, .integer(now - forgotten), .integer(now + forgotten)
        ) { row in
            FlowPause(
                queue: row.text(0), holder: row.text(1), since: row.integer(2), code: row.text(3),
                reason: row.text(4), remedy: row.text(5))
        }
    }
}

extension FlowPause {
    /// `seen` is renewed while the worker lives, so that a killed worker's pause is not shown for ever.
    static let migration = LedgerMigration(
        number: 2, name: "paused flows",
        script: """
            CREATE TABLE flow_pause (
                queue TEXT NOT NULL, holder TEXT NOT NULL, since INTEGER NOT NULL, seen INTEGER NOT NULL,
                code TEXT NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL, PRIMARY KEY (queue, holder)
            ) WITHOUT ROWID
            """)
}

extension LedgerTransaction {
    /// Writes a pause down, or that it goes on; forgets those of workers that are long gone.
    func record(_ pause: FlowPause, now: Int64) throws {
        try execute(
            "DELETE FROM flow_pause WHERE seen NOT BETWEEN ? AND ?", .integer(now - FlowPause.forgotten),
            .integer(now + FlowPause.forgotten))
        try execute(
            """
            INSERT INTO flow_pause (queue, holder, since, seen, code, reason, remedy) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (queue, holder) DO UPDATE SET
                seen = excluded.seen, code = excluded.code, reason = excluded.reason, remedy = excluded.remedy
            """, .text(pause.queue), .text(pause.holder), .integer(pause.since), .integer(now), .text(pause.code),
            .text(pause.reason), .text(pause.remedy))
    }

    /// The flow goes on.
    func endPause(queue: String, holder: String) throws {
        try execute("DELETE FROM flow_pause WHERE queue = ? AND holder = ?", .text(queue), .text(holder))
    }
}
