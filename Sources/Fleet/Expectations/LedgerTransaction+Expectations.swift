package import Ledger

extension LedgerTransaction {
    /// Begins to read the journal behind this step, unless that was done before.
    package func beginTail(at step: Int64) throws {
        try execute("INSERT INTO expectation_tail (id, step) VALUES (1, ?) ON CONFLICT DO NOTHING", .integer(step))
    }

    /// Has the journal read from its newest step when something is declared again: of what was meanwhile, nobody knows
    /// since when it waits.
    package func forgetTail() throws {
        try execute("DELETE FROM expectation_tail")
    }

    /// Has the journal read up to there; false when somebody else has read on meanwhile.
    package func moveTail(from step: Int64, to next: Int64) throws -> Bool {
        try execute(
            "UPDATE expectation_tail SET step = ? WHERE id = 1 AND step = ?", .integer(next), .integer(step)) == 1
    }

    /// Opens it, unless it is open: what came first counts. One that ended begins anew, unless a person has called it
    /// off.
    package func open(_ row: ExpectationRow) throws {
        try execute(
            """
            INSERT INTO expectation (name, family, subject, mark, clock, opened, since, state)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'waiting')
            ON CONFLICT (name, family, subject, mark) DO UPDATE SET clock = ?5, opened = ?6, since = ?7,
                state = 'waiting', missed_at = NULL, ended_at = NULL, note = NULL
            WHERE state = 'late' OR (state = 'dropped' AND clock <> ?8)
            """, .text(row.key.name), .text(row.key.family), .text(row.key.subject), .integer(row.key.mark),
            .text(row.clock), .integer(row.opened), .integer(row.since), .text(ExpectationRow.noClock))
    }

    /// It has happened: in time it leaves nothing, and late it says so.
    package func meet(_ row: ExpectationRow, now: Int64) throws {
        guard row.state != .missed else { return try end(row, .late, note: nil, now: now) }
        try remove(row)
    }

    /// It is not expected any more.
    package func drop(_ row: ExpectationRow, because note: String, now: Int64) throws {
        try end(row, .dropped, note: note, now: now)
    }

    /// It is not expected any more because a person says so: whatever is heard of the same message or quantity, it
    /// stays dropped; a newer one is another row, and is expected.
    package func callOff(_ row: ExpectationRow, because note: String, now: Int64) throws {
        try drop(row, because: note, now: now)
        try execute(
            "UPDATE expectation SET clock = ? WHERE name = ? AND family = ? AND subject = ? AND mark = ?",
            .text(ExpectationRow.noClock), .text(row.key.name), .text(row.key.family), .text(row.key.subject),
            .integer(row.key.mark))
    }

    private func end(_ row: ExpectationRow, _ state: ExpectationRow.State, note: String?, now: Int64) throws {
        try execute(
            """
            UPDATE expectation SET state = ?1, ended_at = ?2, note = ?3
            WHERE name = ?4 AND family = ?5 AND subject = ?6 AND mark = ?7
            """, .text(state.rawValue), .integer(now), .text(orNull: note), .text(row.key.name),
            .text(row.key.family), .text(row.key.subject), .integer(row.key.mark))
    }

    /// Its time is over.
    package func miss(_ row: ExpectationRow, now: Int64) throws {
        try execute(
            """
            UPDATE expectation SET state = 'missed', missed_at = ?1
            WHERE name = ?2 AND family = ?3 AND subject = ?4 AND mark = ?5 AND state = 'waiting'
            """, .integer(now), .text(row.key.name), .text(row.key.family), .text(row.key.subject),
            .integer(row.key.mark))
    }

    /// Gives it another clock, or another beginning.
    package func restart(_ row: ExpectationRow, on clock: ExpectationCondition, at reading: Int64, since: Int64) throws
    {
        try execute(
            """
            UPDATE expectation SET clock = ?1, opened = ?2, since = ?3, state = 'waiting', missed_at = NULL,
                ended_at = NULL, note = NULL
            WHERE name = ?4 AND family = ?5 AND subject = ?6 AND mark = ?7
            """, .text(clock.rawValue), .integer(reading), .integer(since), .text(row.key.name),
            .text(row.key.family), .text(row.key.subject), .integer(row.key.mark))
    }

    /// Keeps what came late beside what is expected next.
    package func keepLate(_ row: ExpectationRow, now: Int64) throws {
        try execute(
            """
            INSERT OR REPLACE INTO expectation
                (name, family, subject, mark, clock, opened, since, state, missed_at, ended_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'late', ?8, ?9)
            """, .text(row.key.name), .text(row.key.family), .text(row.key.subject),
            .integer(row.missedAt ?? now), .text(row.clock), .integer(row.opened), .integer(row.since),
            .integer(row.missedAt ?? now), .integer(now))
    }

    /// Forgets it.
    package func remove(_ row: ExpectationRow) throws {
        try execute(
            "DELETE FROM expectation WHERE name = ? AND family = ? AND subject = ? AND mark = ?", .text(row.key.name),
            .text(row.key.family), .text(row.key.subject), .integer(row.key.mark))
    }
}
