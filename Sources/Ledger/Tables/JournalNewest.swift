extension LedgerSnapshot {
    /// The newest step of each of some subjects, among messages of these types; subjects without any are left out. Asks for
    /// all of them together.
    /// - Parameters:
    ///   - stages: A GLOB pattern of stages that do not count.
    ///   - chunks: How far to look back, in chunks of 8,192 steps of whatever subject.
    package final func newestSteps(
        of subjects: [String], types: Set<String>, leavingOut stages: String, chunks: Int64 = 256
    ) throws(LedgerError) -> [String: JournalEntry] {
        guard !subjects.isEmpty, let extent = try journalExtent() else { return [:] }
        let last = extent.lastIndexedChunk
        let places: [SQLValue] = [
            .integer(last), .integer(max(extent.oldestChunk, last - chunks + 1)),
            .integer(extent.firstUnindexedStep), .text(stages),
        ]
        // Oldest first, so that of each subject the last one stays.
        let steps = try query(text: Self.steps(of: subjects.count), places + subjects.map { .text($0) }) { row in
            JournalEntry(row)
        }
        var newest: [String: JournalEntry] = [:]
        for step in steps where types.contains(step.type ?? "") { newest[step.subject ?? ""] = step }
        return newest
    }

    private static func steps(of count: Int) -> String {
        let marks = (0..<count).map { "?\($0 + 5)" }.joined(separator: ", ")
        return """
            WITH RECURSIVE chunk (number) AS (
                SELECT ?1 UNION ALL SELECT number - 1 FROM chunk WHERE number > ?2
            ), found (id) AS (
                SELECT place.step FROM chunk CROSS JOIN journal_by_subject AS place
                    ON place.chunk = chunk.number AND place.subject IN (\(marks))
                UNION ALL
                SELECT id FROM journal WHERE id >= ?3 AND subject IN (\(marks))
            )
            SELECT at, message_id, type, subject, revision, stage, code, detail, worker, attempt, duration, trace_id
            FROM found CROSS JOIN journal USING (id) WHERE stage NOT GLOB ?4 ORDER BY id
            """
    }
}
