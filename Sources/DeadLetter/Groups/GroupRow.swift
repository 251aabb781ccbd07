internal import Ledger

/// Dead letters that share a cause, as one line of a list.
struct GroupRow: Hashable, Sendable {
    var count: Int
    var firstFailedAt: Int64
    var lastFailedAt: Int64
    /// The letter that failed last.
    var example: LetterRow
    /// What people say of the cause.
    var note: DeadLetterGroupNote?

    init(_ group: DeadLetterGroup, _ note: DeadLetterGroupNote?) {
        (count, firstFailedAt, lastFailedAt) = (group.count, group.firstFailedAt, group.lastFailedAt)
        example = LetterRow(group.latest)
        self.note = note
    }

    /// A group of one letter.
    init(_ row: LetterRow) {
        (count, firstFailedAt, lastFailedAt) = (1, row.firstFailedAt, row.lastFailedAt)
        example = row
    }

    var fingerprint: String { example.fingerprint }

    /// One more letter, from further behind in its queue. A time that is not known is zero.
    mutating func add(_ row: LetterRow) {
        count += 1
        if row.firstFailedAt > 0 {
            firstFailedAt = firstFailedAt > 0 ? min(firstFailedAt, row.firstFailedAt) : row.firstFailedAt
        }
        if row.lastFailedAt >= lastFailedAt { (lastFailedAt, example) = (row.lastFailedAt, row) }
    }
}
