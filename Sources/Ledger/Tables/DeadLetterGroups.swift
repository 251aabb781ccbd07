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

/// What people say of a cause.
public struct DeadLetterGroupNote: Hashable, Sendable {
    /// The cause.
    public var fingerprint: String
    /// What is known of it.
    public var note: String?
    /// Who looks after it.
    public var assignee: String?
    /// Until when lists leave it out.
    public var silencedUntil: Int64?
    /// Who changed any of this last.
    public var changedBy: String
    /// When that was.
    public var changedAt: Int64

    /// What people say of a cause.
    public init(
        fingerprint: String, note: String? = nil, assignee: String? = nil, silencedUntil: Int64? = nil,
        changedBy: String, changedAt: Int64
    ) {
        self.fingerprint = fingerprint
        self.note = note
        self.assignee = assignee
        self.silencedUntil = silencedUntil
        self.changedBy = changedBy
        self.changedAt = changedAt
    }

    /// Whether lists leave it out at this time.
    public func isSilenced(at now: Int64) -> Bool { silencedUntil.map { $0 > now } ?? false }
}

/// One thing that a person says of a cause; nil takes back what was said.
public enum DeadLetterGroupChange: Hashable, Sendable {
    /// What is known of it.
    case note(String?)
    /// Who looks after it.
    case assignee(String?)
    /// Until when lists leave it out.
    case silence(until: Int64?)

    /// What the person does, as the record of it names that.
    public var action: String {
        switch self {
        case .note: "annotate"
        case .assignee: "assign"
        case .silence: "silence"
        }
    }
}

extension LedgerTransaction {
    /// Changes one thing that is said of a cause, and writes down who did; what else is said of it stays.
    /// - Returns: what was said before, for the person who has perhaps not known.
    @discardableResult
    public func setGroupNote(
        _ change: DeadLetterGroupChange, of fingerprint: String, by: String, reason: String, at now: Int64
    ) throws(LedgerError) -> DeadLetterGroupNote? {
        let before = try groupNotes(of: [fingerprint])[fingerprint]
        var after = before ?? DeadLetterGroupNote(fingerprint: fingerprint, changedBy: by, changedAt: now)
        (after.changedBy, after.changedAt) = (by, now)
        switch change {
        case .note(let text): after.note = text
        case .assignee(let person): after.assignee = person
        case .silence(let end): after.silencedUntil = end
        }
        try keep(after)
        let open = DeadLetterFilter(fingerprint: fingerprint)
        try record(
            OperatorAction(
                at: now, by: by, action: change.action, reason: reason,
                flow: try latestDeadLetter(of: fingerprint, DeadLetterFilter(state: nil))?.flow,
                letters: try deadLetterCount(open), detail: "fingerprint \(fingerprint)"))
        return before
    }

    private func keep(_ note: DeadLetterGroupNote) throws(LedgerError) {
        _ = try connection.run(
            """
            INSERT OR REPLACE INTO dead_letter_group
                (fingerprint, note, assignee, silenced_until, changed_by, changed_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """
        ) { bind in
            bind.text(note.fingerprint)
            bind.text(note.note)
            bind.text(note.assignee)
            bind.integer(note.silencedUntil)
            bind.text(note.changedBy)
            bind.integer(note.changedAt)
        }
    }
}

extension LedgerSnapshot {
    /// What people say of these causes, by fingerprint; nothing of those of which nobody has said anything.
    public final func groupNotes(of fingerprints: [String]) throws(LedgerError) -> [String: DeadLetterGroupNote] {
        var notes: [String: DeadLetterGroupNote] = [:]
        for fingerprint in fingerprints {
            notes[fingerprint] = try first(
                """
                SELECT note, assignee, silenced_until, changed_by, changed_at FROM dead_letter_group
                WHERE fingerprint = ?
                """, .text(fingerprint),
                row: { row in
                    DeadLetterGroupNote(
                        fingerprint: fingerprint, note: row.optionalText(0), assignee: row.optionalText(1),
                        silencedUntil: row.optionalInteger(2), changedBy: row.text(3), changedAt: row.integer(4))
                })
        }
        return notes
    }

    /// What people have done that names this cause, the newest first.
    public final func operatorActions(
        ofGroup fingerprint: String, limit: Int = 100
    ) throws(LedgerError) -> [OperatorAction] {
        try query(
            """
            SELECT at, by, action, reason, flow, letters, detail FROM operator_action
            WHERE instr(detail, ?) > 0 ORDER BY number DESC LIMIT ?
            """, .text(fingerprint), .integer(Int64(limit)),
            row: { row in
                OperatorAction(
                    at: row.integer(0), by: row.text(1), action: row.text(2), reason: row.text(3),
                    flow: row.optionalText(4), letters: Int(row.integer(5)), detail: row.optionalText(6))
            })
    }

    /// Dead letters by cause, the largest group first.
    /// - Parameter silencedAt: leaves out the groups that are silenced at this time; nil leaves out none.
    public final func deadLetterGroups(
        _ filter: DeadLetterFilter = .init(), silencedAt now: Int64? = nil, limit: Int = 100
    ) throws(LedgerError) -> [DeadLetterGroup] {
        let (sql, values) = filter.groupStatement
        let groups = try query(
            text: sql, values + [.integer(now ?? .max), .integer(Int64(limit))],
            row: { (fingerprint: $0.text(0), count: Int($0.integer(1)), first: $0.integer(2), last: $0.integer(3)) })
        var found: [DeadLetterGroup] = []
        for group in groups {
            guard let latest = try latestDeadLetter(of: group.fingerprint, filter) else { continue }
            found.append(
                DeadLetterGroup(
                    fingerprint: group.fingerprint, count: group.count, firstFailedAt: group.first,
                    lastFailedAt: group.last, latest: latest))
        }
        return found
    }

    /// How many groups are silenced at this time and have letters that are meant.
    public final func silencedGroupCount(_ filter: DeadLetterFilter, at now: Int64) throws(LedgerError) -> Int {
        let silenced = try query(
            "SELECT fingerprint FROM dead_letter_group WHERE silenced_until > ?", .integer(now), row: { $0.text(0) })
        var count = 0
        for fingerprint in silenced where filter.fingerprint == nil || filter.fingerprint == fingerprint {
            if try latestDeadLetter(of: fingerprint, filter) != nil { count += 1 }
        }
        return count
    }

    /// The letter of a cause that failed last.
    final func latestDeadLetter(
        of fingerprint: String, _ filter: DeadLetterFilter
    ) throws(LedgerError) -> DeadLetterRecord? {
        var members = filter
        members.fingerprint = fingerprint
        var latest: DeadLetterRecord?
        for state in filter.state.map({ [$0] }) ?? DeadLetterState.allCases {
            members.state = state
            guard let letter = try deadLetters(members, byState: true, limit: 1).first else { continue }
            if latest.map({ $0.lastFailedAt < letter.lastFailedAt }) ?? true { latest = letter }
        }
        return latest
    }

    /// The fingerprints, of letters in any state, that begin so, in order; a whole fingerprint leads to itself alone.
    public final func deadLetterFingerprints(
        beginning prefix: String, limit: Int = 10
    ) throws(LedgerError) -> [String] {
        if try latestDeadLetter(of: prefix, DeadLetterFilter(state: nil)) != nil { return [prefix] }
        var found: Set<String> = []
        for state in DeadLetterState.allCases { found.formUnion(try fingerprints(state, beginning: prefix, limit)) }
        return Array(found.sorted().prefix(limit))
    }

    /// One look into the index for each: between two fingerprints may lie a million letters.
    private func fingerprints(
        _ state: DeadLetterState, beginning prefix: String, _ limit: Int
    ) throws(LedgerError) -> [String] {
        var found: [String] = []
        while found.count < limit {
            let next = try first(
                "SELECT fingerprint FROM dead_letter WHERE state = ? AND fingerprint > ? ORDER BY fingerprint LIMIT 1",
                .text(state.rawValue), .text(found.last ?? prefix), row: { $0.text(0) })
            guard let next, next.utf8.starts(with: prefix.utf8) else { break }
            found.append(next)
        }
        return found
    }
}

extension DeadLetterFilter {
    /// Counts the letters of each cause. What only the state and the time decide is counted within the index
    /// `dead_letter_cause`, in its order, so that nothing is sorted but the groups. Its last two values are the time
    /// from which on silence counts, and the limit.
    var groupStatement: (sql: String, values: [SQLValue]) {
        let (condition, values) = self.condition(byState: subject == nil && isOfStateOrCause)
        let sql = """
            SELECT fingerprint, sum(letters) AS total, min(first_at), max(last_at) FROM (
                SELECT fingerprint, count(*) AS letters, min(first_failed_at) AS first_at,
                    max(last_failed_at) AS last_at
                FROM dead_letter WHERE \(condition) GROUP BY state, fingerprint)
            WHERE fingerprint NOT IN (SELECT fingerprint FROM dead_letter_group WHERE silenced_until > ?)
            GROUP BY fingerprint ORDER BY total DESC, fingerprint LIMIT ?
            """
        return (sql, values)
    }
}
