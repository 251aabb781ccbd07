/// Which dead letters are meant; what is nil does not matter.
public struct DeadLetterFilter: Hashable, Sendable {
    /// Where their story stands.
    public var state: DeadLetterState?
    /// The flow they belong to.
    public var flow: String?
    /// The queue they came from.
    public var queue: String?
    /// The message's type.
    public var type: String?
    /// The business key.
    public var subject: String?
    /// Why they failed.
    public var code: String?
    /// The category of the failure.
    public var category: String?
    /// The cause they share.
    public var fingerprint: String?
    /// Failed last at or after this time.
    public var since: Int64?
    /// Failed last before this time.
    public var before: Int64?

    /// Which dead letters are meant; by default the open ones.
    public init(
        state: DeadLetterState? = .open, flow: String? = nil, queue: String? = nil, type: String? = nil,
        subject: String? = nil, code: String? = nil, category: String? = nil, fingerprint: String? = nil,
        since: Int64? = nil, before: Int64? = nil
    ) {
        self.state = state
        self.flow = flow
        self.queue = queue
        self.type = type
        self.subject = subject
        self.code = code
        self.category = category
        self.fingerprint = fingerprint
        self.since = since
        self.before = before
    }
}

/// Dead letters that share a cause.
public struct DeadLetterGroup: Hashable, Sendable {
    /// The cause they share.
    public var fingerprint: String
    /// How many there are.
    public var count: Int
    /// When the first of them failed first.
    public var firstFailedAt: Int64
    /// When the last of them failed last.
    public var lastFailedAt: Int64
    /// The one that failed last.
    public var latest: DeadLetterRecord
}

extension LedgerSnapshot {
    /// Dead letters, the one that failed last first.
    public final func deadLetters(
        _ filter: DeadLetterFilter = .init(), limit: Int = 100, offset: Int = 0
    ) throws(LedgerError) -> [DeadLetterRecord] {
        let (condition, values) = filter.condition
        return try query(
            text: """
                SELECT \(DeadLetterRecord.columns) FROM dead_letter WHERE \(condition)
                ORDER BY last_failed_at DESC, id LIMIT ? OFFSET ?
                """,
            values + [.integer(Int64(limit)), .integer(Int64(offset))], row: { DeadLetterRecord($0) })
    }

    /// One dead letter.
    public final func deadLetter(id: String) throws(LedgerError) -> DeadLetterRecord? {
        try query(
            text: "SELECT \(DeadLetterRecord.columns) FROM dead_letter WHERE id = ?", [.text(id)],
            row: { DeadLetterRecord($0) }
        ).first
    }

    /// How many dead letters there are.
    public final func deadLetterCount(_ filter: DeadLetterFilter = .init()) throws(LedgerError) -> Int {
        let (condition, values) = filter.condition
        let counts = try query(
            text: "SELECT count(*) FROM dead_letter WHERE \(condition)", values, row: { $0.integer(0) })
        return Int(counts.first ?? 0)
    }

    /// Dead letters by cause, the largest group first.
    public final func deadLetterGroups(
        _ filter: DeadLetterFilter = .init(), limit: Int = 100
    ) throws(LedgerError) -> [DeadLetterGroup] {
        let (condition, values) = filter.condition
        let groups = try query(
            text: """
                SELECT fingerprint, count(*), min(first_failed_at), max(last_failed_at)
                FROM dead_letter WHERE \(condition) GROUP BY fingerprint ORDER BY count(*) DESC, fingerprint LIMIT ?
                """,
            values + [.integer(Int64(limit))],
            row: { (fingerprint: $0.text(0), count: Int($0.integer(1)), first: $0.integer(2), last: $0.integer(3)) })
        var found: [DeadLetterGroup] = []
        for group in groups {
            var members = filter
            members.fingerprint = group.fingerprint
            guard let latest = try deadLetters(members, limit: 1).first else { continue }
            found.append(
                DeadLetterGroup(
                    fingerprint: group.fingerprint, count: group.count, firstFailedAt: group.first,
                    lastFailedAt: group.last, latest: latest))
        }
        return found
    }
}

extension DeadLetterFilter {
    /// Only the conditions that are asked for, so that SQLite can choose an index.
    fileprivate var condition: (sql: String, values: [SQLValue]) {
        let texts: [(String, String?)] = [
            ("state", state?.rawValue), ("flow", flow), ("queue", queue), ("type", type), ("subject", subject),
            ("code", code), ("category", category), ("fingerprint", fingerprint),
        ]
        var parts = ["1"]
        var values: [SQLValue] = []
        for case (let column, let value?) in texts {
            parts.append("\(column) = ?")
            values.append(.text(value))
        }
        for case (let comparison, let time?) in [("last_failed_at >= ?", since), ("last_failed_at < ?", before)] {
            parts.append(comparison)
            values.append(.integer(time))
        }
        return (parts.joined(separator: " AND "), values)
    }
}

extension DeadLetterRecord {
    fileprivate static let columns = """
        id, queue, flow, type, subject, revision, code, category, sentence, fingerprint, attempts, first_failed_at,
        last_failed_at, state, note, payload
        """

    fileprivate init(_ row: borrowing SQLRow) {
        self.init(
            id: row.text(0), queue: row.text(1), flow: row.text(2), type: row.optionalText(3),
            subject: row.optionalText(4), revision: row.optionalInteger(5), code: row.text(6), category: row.text(7),
            sentence: row.text(8), fingerprint: row.text(9), attempts: Int(row.integer(10)),
            firstFailedAt: row.integer(11), lastFailedAt: row.integer(12),
            state: DeadLetterState(rawValue: row.text(13)) ?? .open, note: row.optionalText(14),
            payload: row.optionalText(15))
    }
}
