/// A dead letter of a page, and where the next page begins.
public struct NumberedDeadLetter: Hashable, Sendable {
    /// Its place in the order in which letters were first recorded.
    public var number: Int64
    /// The letter.
    public var record: DeadLetterRecord
}

extension LedgerSnapshot {
    /// Dead letters in the order in which they were first recorded, from behind `number` on: so a million are read page by
    /// page, each page as quick as the first. Begin with 0; an empty page is the end.
    public final func deadLetters(
        behind number: Int64, state: DeadLetterState, limit: Int
    ) throws(LedgerError) -> [NumberedDeadLetter] {
        try connection.all(
            try connection.prepare(
                """
                SELECT id, queue, flow, type, subject, revision, code, category, sentence, fingerprint, attempts,
                    first_failed_at, last_failed_at, state, note, payload, edited_as, edited_from, remedy, number
                FROM dead_letter WHERE number > ? AND +state = ? ORDER BY number LIMIT ?
                """),
            { bind in
                bind.integer(number)
                bind.text(state.rawValue)
                bind.integer(Int64(limit))
            }, row: { NumberedDeadLetter(number: $0.integer(19), record: DeadLetterRecord($0)) })
    }
}
