/// What is asked of the journal. Its indexes are in chunks, so that each question names one; what they do not have yet is
/// looked through.
package enum JournalSQL {
    package static let subject: StaticString = """
        SELECT at, message_id, type, journal.subject, revision, stage, code, detail, worker, attempt, duration, trace_id
        FROM journal_by_subject AS place CROSS JOIN journal ON journal.id = place.step
        WHERE place.chunk = ?1 AND place.subject = ?2 ORDER BY place.step DESC LIMIT ?3
        """
    package static let message: StaticString = """
        SELECT at, journal.message_id, type, subject, revision, stage, code, detail, worker, attempt, duration, trace_id
        FROM journal_by_message AS place CROSS JOIN journal ON journal.id = place.step
        WHERE place.chunk = ?1 AND place.message_id = ?2 ORDER BY place.step DESC LIMIT ?3
        """
    package static let subjectTail: StaticString = """
        SELECT at, message_id, type, subject, revision, stage, code, detail, worker, attempt, duration, trace_id
        FROM journal WHERE id >= ?1 AND subject = ?2 ORDER BY id DESC LIMIT ?3
        """
    package static let messageTail: StaticString = """
        SELECT at, message_id, type, subject, revision, stage, code, detail, worker, attempt, duration, trace_id
        FROM journal WHERE id >= ?1 AND message_id = ?2 ORDER BY id DESC LIMIT ?3
        """
    package static let extent: StaticString = """
        SELECT (SELECT min(id) FROM journal) >> 13, (SELECT max(id) FROM journal) >> 13,
            (SELECT through FROM journal_index WHERE id = 1)
        """
    /// The last chunk before one that has any step.
    package static let before: StaticString = "SELECT (SELECT max(id) FROM journal WHERE id < (?1 << 13)) >> 13"
    /// The first chunk behind one that has any step.
    package static let behind: StaticString =
        "SELECT (SELECT min(id) FROM journal WHERE id >= ((?1 + 1) << 13)) >> 13"

    /// Each of them, for tests of their plans.
    package static let all = [subject, message, subjectTail, messageTail, extent, before, behind]
}

/// Where the journal begins and ends, and how much of it is indexed.
struct JournalExtent {
    let oldestChunk: Int64
    let newestChunk: Int64
    /// The last chunk that the indexes have. The newest is never one of them: it may grow.
    let lastIndexedChunk: Int64

    var firstUnindexedStep: Int64 { (lastIndexedChunk + 1) << Self.shift }

    /// A chunk has 8,192 steps.
    static let shift: Int64 = 13
}

extension LedgerSnapshot {
    /// Nil of an empty journal.
    final func journalExtent() throws(LedgerError) -> JournalExtent? {
        let row = try connection.first(
            JournalSQL.extent, { _ in }, row: { ($0.optionalInteger(0), $0.optionalInteger(1), $0.integer(2)) })
        guard let (first, last, through) = row, let oldest = first, let newest = last else { return nil }
        return JournalExtent(
            oldestChunk: oldest, newestChunk: newest, lastIndexedChunk: min(through, newest - 1))
    }

    final func chunkOfSteps(before chunk: Int64) throws(LedgerError) -> Int64? {
        try connection.first(JournalSQL.before, { $0.integer(chunk) }, row: { $0.optionalInteger(0) }) ?? nil
    }

    fileprivate final func chunkOfSteps(behind chunk: Int64) throws(LedgerError) -> Int64? {
        try connection.first(JournalSQL.behind, { $0.integer(chunk) }, row: { $0.optionalInteger(0) }) ?? nil
    }
}

extension LedgerTransaction {
    /// Indexes what is complete when the step with this id has opened a chunk.
    func indexJournal(after id: Int64) throws(LedgerError) {
        guard id & ((1 << JournalExtent.shift) - 1) == 0 else { return }
        try indexJournal()
    }

    /// Brings every chunk but the newest, which may still grow, into the indexes. ``journal(_:)`` does so by itself; for
    /// whoever appends by statements of his own. Changes nothing when repeated.
    package func indexJournal() throws(LedgerError) {
        guard let extent = try journalExtent() else { return }
        let last = extent.newestChunk - 1
        // Ids begin anew after a journal has been emptied: then the indexes claim to be further than it is.
        var next: Int64? = min(extent.lastIndexedChunk + 1, last)
        while let chunk = next, chunk <= last {
            try index(chunk)
            next = try chunkOfSteps(behind: chunk)
        }
        _ = try connection.run("UPDATE journal_index SET through = ? WHERE id = 1") { $0.integer(last) }
    }

    /// In the order of the keys, so that each page is written once.
    private func index(_ chunk: Int64) throws(LedgerError) {
        let first = chunk << JournalExtent.shift
        let end = (chunk + 1) << JournalExtent.shift
        _ = try connection.run(
            """
            INSERT OR IGNORE INTO journal_by_subject (chunk, subject, step)
            SELECT ?1, subject, id FROM journal WHERE id >= ?2 AND id < ?3 AND subject IS NOT NULL ORDER BY subject, id
            """
        ) { bind in
            bind.integer(chunk)
            bind.integer(first)
            bind.integer(end)
        }
        _ = try connection.run(
            """
            INSERT OR IGNORE INTO journal_by_message (chunk, message_id, step)
            SELECT ?1, message_id, id FROM journal
            WHERE id >= ?2 AND id < ?3 AND message_id IS NOT NULL ORDER BY message_id, id
            """
        ) { bind in
            bind.integer(chunk)
            bind.integer(first)
            bind.integer(end)
        }
    }
}
