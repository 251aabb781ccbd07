package import Ledger

/// Dead letters of one cause that failed during an outage.
package struct LetterCount: Hashable, Sendable {
    package var flow: String
    package var code: String
    package var count: Int
    /// How many of them still wait for a person.
    package var open: Int

    package init(flow: String, code: String, count: Int, open: Int) {
        (self.flow, self.code, self.count, self.open) = (flow, code, count, open)
    }

    static let sql: StaticString = """
        SELECT flow, code, count(*), total(state = 'open') FROM dead_letter INDEXED BY dead_letter_time
        WHERE last_failed_at BETWEEN ?1 AND ?2 GROUP BY flow, code ORDER BY count(*) DESC, flow, code
        """
}

extension LedgerSnapshot {
    /// What of some flows became a dead letter in a span of time, in microseconds since 1970, the most frequent cause
    /// first.
    package func letterCounts(of flows: [String], from start: Int64, to end: Int64) throws -> [LetterCount] {
        try query(LetterCount.sql, .integer(start), .integer(end)) { row in
            LetterCount(flow: row.text(0), code: row.text(1), count: Int(row.integer(2)), open: Int(row.real(3)))
        }.filter { flows.contains($0.flow) }
    }
}
