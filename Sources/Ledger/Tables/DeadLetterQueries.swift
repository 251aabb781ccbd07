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
    /// The business key, with `*` for any text and `?` for any one character. A letter without a key has none of them.
    public var subjectPattern: String?
    /// Why they failed, with `*` and `?` as in a business key.
    public var codePattern: String?
    /// How the fingerprint of their cause begins.
    public var fingerprintPrefix: String?
    /// A part of the sentence that says why they failed, byte for byte.
    public var sentencePart: String?

    /// Which dead letters are meant; by default the open ones.
    public init(
        state: DeadLetterState? = .open, flow: String? = nil, queue: String? = nil, type: String? = nil,
        subject: String? = nil, code: String? = nil, category: String? = nil, fingerprint: String? = nil,
        since: Int64? = nil, before: Int64? = nil, subjectPattern: String? = nil, codePattern: String? = nil,
        fingerprintPrefix: String? = nil, sentencePart: String? = nil
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
        self.subjectPattern = subjectPattern
        self.codePattern = codePattern
        self.fingerprintPrefix = fingerprintPrefix
        self.sentencePart = sentencePart
    }
}

extension LedgerSnapshot {
    /// Dead letters, the one that failed last first.
    public final func deadLetters(
        _ filter: DeadLetterFilter = .init(), limit: Int = 100, offset: Int = 0
    ) throws(LedgerError) -> [DeadLetterRecord] {
        try deadLetters(filter, byState: try looksUpByState(filter), limit: limit, offset: offset)
    }

    final func deadLetters(
        _ filter: DeadLetterFilter, byState: Bool, limit: Int, offset: Int = 0
    ) throws(LedgerError) -> [DeadLetterRecord] {
        let (sql, values) = filter.listStatement(byState: byState)
        return try query(
            text: sql, values + [.integer(Int64(limit)), .integer(Int64(offset))], row: { DeadLetterRecord($0) })
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
        let (condition, values) = filter.condition(byState: !filter.isOfSubject && filter.isOfStateOrCause)
        let counts = try query(
            text: "SELECT count(*) FROM dead_letter WHERE \(condition)", values, row: { $0.integer(0) })
        return Int(counts.first ?? 0)
    }

    /// Few letters of a state are sorted at once; among many, the newest are found sooner in the order of time.
    private func looksUpByState(_ filter: DeadLetterFilter) throws(LedgerError) -> Bool {
        if filter.isOfSubject { return false }
        if filter.isOfCause { return true }
        guard let state = filter.state else { return false }
        let few: Int64 = 10_000
        let counted = try first(
            "SELECT count(*) FROM (SELECT 1 FROM dead_letter WHERE state = ? LIMIT ?)", .text(state.rawValue),
            .integer(few + 1), row: { $0.integer(0) })
        return (counted ?? 0) <= few
    }
}

extension DeadLetterFilter {
    var isOfSubject: Bool { subject != nil || subjectPattern.map { !Self.beginning(of: $0).isEmpty } ?? false }
    var isOfCause: Bool { fingerprint != nil || fingerprintPrefix != nil }
    var isOfStateOrCause: Bool { state != nil || isOfCause }

    /// The newest first; its last two values are the limit and the offset.
    func listStatement(byState: Bool) -> (sql: String, values: [SQLValue]) {
        let (condition, values) = self.condition(byState: byState)
        let sql = """
            SELECT \(DeadLetterRecord.columns) FROM dead_letter WHERE \(condition)
            ORDER BY last_failed_at DESC, id LIMIT ? OFFSET ?
            """
        return (sql, values)
    }

    /// Only the conditions that are asked for, so that SQLite can choose an index. `byState` says whether it may be the
    /// one that begins with the state: SQLite takes each state for a rare one, though most letters may be of one.
    func condition(byState: Bool) -> (sql: String, values: [SQLValue]) {
        let texts: [(String, String?)] = [
            ("flow", flow), ("queue", queue), ("type", type), ("subject", subject), ("code", code),
            ("category", category), ("fingerprint", fingerprint),
        ]
        var all = Conditions()
        all.add(state, byState: byState)
        for case (let column, let value?) in texts { all.add("\(column) = ?", .text(value)) }
        if let subjectPattern { all.add(pattern: subjectPattern, of: "subject") }
        if let codePattern { all.add(pattern: codePattern, of: "code") }
        if let fingerprintPrefix { all.add(beginning: fingerprintPrefix, of: "fingerprint") }
        if let sentencePart { all.add("instr(sentence, ?) > 0", .text(sentencePart)) }
        if let since { all.add("last_failed_at >= ?", .integer(since)) }
        if let before { all.add("last_failed_at < ?", .integer(before)) }
        return (all.parts.joined(separator: " AND "), all.values)
    }

    /// A pattern up to its first `*` or `?`.
    static func beginning(of pattern: String) -> String {
        String(pattern.unicodeScalars.prefix { $0 != "*" && $0 != "?" })
    }

    /// The least text behind all that begin with `prefix`, in SQLite's order; nil when there is none.
    static func end(of prefix: String) -> String? {
        var scalars = Array(prefix.unicodeScalars)
        while let last = scalars.popLast() {
            // The numbers from here to there are no characters.
            guard let next = Unicode.Scalar(last.value == 0xD7FF ? 0xE000 : last.value + 1) else { continue }
            return String(String.UnicodeScalarView(scalars + [next]))
        }
        return nil
    }
}

/// What a row must be, in SQL.
private struct Conditions {
    var parts = ["1"]
    var values: [SQLValue] = []

    mutating func add(_ sql: String, _ value: SQLValue) {
        parts.append(sql)
        values.append(value)
    }

    /// All states by name lead into the index, too; a plus sign keeps out of it.
    mutating func add(_ state: DeadLetterState?, byState: Bool) {
        if let state {
            add(byState ? "state = ?" : "+state = ?", .text(state.rawValue))
        } else if byState {
            let states = DeadLetterState.allCases
            parts.append("state IN (\(states.map { _ in "?" }.joined(separator: ", ")))")
            values += states.map { SQLValue.text($0.rawValue) }
        }
    }

    /// A bracket, which SQLite takes for the start of a set, stands for itself.
    mutating func add(pattern: String, of column: String) {
        let escaped = pattern.unicodeScalars.map { $0 == "[" ? "[[]" : String($0) }.joined()
        add("\(column) GLOB ?", .text(escaped))
        add(beginning: DeadLetterFilter.beginning(of: pattern), of: column)
    }

    mutating func add(beginning prefix: String, of column: String) {
        guard !prefix.isEmpty else { return }
        add("\(column) >= ?", .text(prefix))
        if let end = DeadLetterFilter.end(of: prefix) { add("\(column) < ?", .text(end)) }
    }
}

extension DeadLetterRecord {
    static let columns = """
        id, queue, flow, type, subject, revision, code, category, sentence, fingerprint, attempts, first_failed_at,
        last_failed_at, state, note, payload, edited_as, edited_from, remedy
        """

    init(_ row: borrowing SQLRow) {
        self.init(
            id: row.text(0), queue: row.text(1), flow: row.text(2), type: row.optionalText(3),
            subject: row.optionalText(4), revision: row.optionalInteger(5), code: row.text(6), category: row.text(7),
            sentence: row.text(8), fingerprint: row.text(9), attempts: Int(row.integer(10)),
            firstFailedAt: row.integer(11), lastFailedAt: row.integer(12),
            state: DeadLetterState(rawValue: row.text(13)) ?? .open, note: row.optionalText(14),
            payload: row.optionalText(15))
        (editedAs, editedFrom, remedy) = (row.optionalText(16), row.optionalText(17), row.optionalText(18))
    }
}
