/// How long the ledger keeps what has come to its end.
///
/// What is still open is kept whatever its age: a dead letter that waits for a person or was replayed without its end
/// being known, its body, and the steps of its message. What has been applied (`subject_state`) and the revisions we
/// state (`revision_counter`) are never removed, because they are what keeps an old message from happening twice; nor is
/// the outbox, whose rows go when they are published, nor another name of a subject, without which an old order could not
/// be found; but an e-mail address, which is a person's, goes when nothing has happened to its subject for long.
public struct LedgerRetention: Hashable, Sendable {
    /// For steps of messages.
    public var journal: Duration
    /// For original bodies.
    public var payload: Duration
    /// For dead letters that are resolved or discarded, and for what is known of their replays.
    public var deadLetter: Duration
    /// For what people have done: also the proof that somebody was erased.
    public var operatorAction: Duration
    /// For e-mail addresses that lead to an order, from the last change of the order on.
    public var alias: Duration

    /// How long the ledger keeps what has come to its end. What people have done is kept as long as letters are unless
    /// said otherwise, and addresses for a year.
    public init(
        journal: Duration, payload: Duration, deadLetter: Duration, operatorAction: Duration? = nil,
        alias: Duration = .seconds(365 * 86_400)
    ) {
        self.journal = journal
        self.payload = payload
        self.deadLetter = deadLetter
        self.operatorAction = operatorAction ?? deadLetter
        self.alias = alias
    }
}

/// Where in the ledger a sweep has got to: it looks at each row once, in the order of keys, whether or not it may remove
/// it, so that no number of rows that must stay keeps it from those behind them.
public struct RetentionSweep: Hashable, Sendable {
    enum Table: CaseIterable { case journal, payload, deadLetter, replay, letterImport, operatorAction, alias }

    var table: Table
    /// The last row of the table that has been looked at.
    var row: Int64 = 0
    var letter = ""
    var mark = ""
    var alias: Alias?

    /// A new sweep.
    public init() { table = .journal }

    fileprivate init(_ table: Table) { self.table = table }

    /// The start of the next table; nil after the last.
    fileprivate var next: RetentionSweep? {
        Table.allCases.drop { $0 != table }.dropFirst().first.map { RetentionSweep($0) }
    }
}

extension LedgerTransaction {
    /// One small step of a sweep: looks at up to `limit` rows and removes those whose time is over. Returns how many it
    /// removed, and where to go on; nil at the end of the sweep.
    public func prune(
        _ sweep: RetentionSweep, keeping retention: LedgerRetention, limit: Int, now: Int64
    ) throws(LedgerError) -> (removed: Int, next: RetentionSweep?) {
        switch sweep.table {
        case .journal:
            let rows = try journalRows(after: sweep.row, limit: limit)
            return try remove(rows, sweep, before: now.adding(.zero - retention.journal), limit: limit, now: now) {
                (number) throws(LedgerError) in
                try connection.run("DELETE FROM journal WHERE id = ?") { $0.integer(number) }
            }
        case .payload:
            let rows = try payloadRows(after: sweep.row, limit: limit)
            return try remove(rows, sweep, before: now.adding(.zero - retention.payload), limit: limit, now: now) {
                (number) throws(LedgerError) in
                try connection.run("DELETE FROM payload WHERE number = ?") { $0.integer(number) }
            }
        case .deadLetter:
            let rows = try letterRows(after: sweep.row, limit: limit)
            return try remove(rows, sweep, before: now.adding(.zero - retention.deadLetter), limit: limit, now: nil) {
                (number) throws(LedgerError) in
                try connection.run("DELETE FROM dead_letter WHERE number = ?") { $0.integer(number) }
            }
        case .replay, .letterImport:
            return try pruneMarks(sweep, before: now.adding(.zero - retention.deadLetter), limit: limit)
        case .operatorAction:
            let rows = try actionRows(after: sweep.row, limit: limit)
            let start = now.adding(.zero - retention.operatorAction)
            return try remove(rows, sweep, before: start, limit: limit, now: now) { (number) throws(LedgerError) in
                try connection.run("DELETE FROM operator_action WHERE number = ?") { $0.integer(number) }
            }
        case .alias:
            return try pruneAddresses(sweep, before: now.adding(.zero - retention.alias), limit: limit)
        }
    }

    /// A row in the order of its table: its number, its time, and whether it belongs to something that is open.
    private typealias Row = (number: Int64, at: Int64, isOpen: Bool)

    /// With `now`, rows lie in the order of their time, but for clocks that were wrong: the first one that is young ends
    /// the table. One that claims to come from the future says nothing about those behind it.
    private func remove(
        _ rows: [Row], _ sweep: RetentionSweep, before limitTime: Int64, limit: Int, now: Int64?,
        _ delete: (Int64) throws(LedgerError) -> Int
    ) throws(LedgerError) -> (removed: Int, next: RetentionSweep?) {
        var removed = 0
        for row in rows {
            if let now, row.at >= limitTime, row.at <= now { return (removed, sweep.next) }
            if row.at < limitTime, !row.isOpen { removed += try delete(row.number) }
        }
        guard rows.count == limit, let last = rows.last else { return (removed, sweep.next) }
        var next = sweep
        next.row = last.number
        return (removed, next)
    }

    private func journalRows(after row: Int64, limit: Int) throws(LedgerError) -> [Row] {
        try connection.all(
            try connection.prepare(
                """
                SELECT id, at, EXISTS (SELECT 1 FROM dead_letter
                    WHERE dead_letter.id = journal.message_id AND state IN ('open', 'replayed'))
                FROM journal WHERE id > ? ORDER BY id LIMIT ?
                """), Self.bound(row, limit), row: { Self.row($0) })
    }

    private func payloadRows(after row: Int64, limit: Int) throws(LedgerError) -> [Row] {
        try connection.all(
            try connection.prepare(
                """
                SELECT number, stored_at,
                    EXISTS (SELECT 1 FROM dead_letter
                        WHERE dead_letter.id = payload.id AND state IN ('open', 'replayed'))
                    OR EXISTS (SELECT 1 FROM dead_letter
                        WHERE dead_letter.payload = payload.id AND state IN ('open', 'replayed'))
                FROM payload WHERE number > ? ORDER BY number LIMIT ?
                """), Self.bound(row, limit), row: { Self.row($0) })
    }

    private func letterRows(after row: Int64, limit: Int) throws(LedgerError) -> [Row] {
        try connection.all(
            try connection.prepare(
                """
                SELECT number, last_failed_at, state NOT IN ('resolved', 'discarded')
                FROM dead_letter WHERE number > ? ORDER BY number LIMIT ?
                """), Self.bound(row, limit), row: { Self.row($0) })
    }

    private func actionRows(after row: Int64, limit: Int) throws(LedgerError) -> [Row] {
        try connection.all(
            try connection.prepare(
                "SELECT number, at, 0 FROM operator_action WHERE number > ? ORDER BY number LIMIT ?"),
            Self.bound(row, limit), row: { Self.row($0) })
    }

    private static func bound(_ row: Int64, _ limit: Int) -> (inout SQLBinder) -> Void {
        { bind in
            bind.integer(row)
            bind.integer(Int64(limit))
        }
    }

    private static func row(_ row: borrowing SQLRow) -> Row {
        (number: row.integer(0), at: row.integer(1), isOpen: row.integer(2) != 0)
    }

    /// What the dead-letter tool has noted of its replays and imports, once it has been used on this ledger.
    private func pruneMarks(
        _ sweep: RetentionSweep, before limitTime: Int64, limit: Int
    ) throws(LedgerError) -> (removed: Int, next: RetentionSweep?) {
        let table = sweep.table == .replay ? "replay" : "letter_import"
        let isThere = try query(
            text: "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", [.text(table)],
            row: { $0.integer(0) })
        guard !isThere.isEmpty else { return (0, sweep.next) }
        if sweep.table == .replay, try areMarksByLetter() {
            return try pruneMarksByLetter(sweep, before: limitTime, limit: limit)
        }
        let rows = try query(
            text: """
                SELECT mark, at, EXISTS (SELECT 1 FROM dead_letter
                    WHERE dead_letter.id = \(table).letter AND state IN ('open', 'replayed'))
                FROM \(table) WHERE mark > ? ORDER BY mark LIMIT ?
                """, [.text(sweep.mark), .integer(Int64(limit))],
            row: { (mark: $0.text(0), at: $0.integer(1), isOpen: $0.integer(2) != 0) })
        var removed = 0
        for row in rows where row.at < limitTime && !row.isOpen {
            removed += try execute(text: "DELETE FROM \(table) WHERE mark = ?", [.text(row.mark)])
        }
        guard rows.count == limit, let last = rows.last else { return (removed, sweep.next) }
        var next = sweep
        next.mark = last.mark
        return (removed, next)
    }

    /// Whether the marks of replays are kept by letter: a ledger that no newer `dead-letter` has opened has them by mark.
    private func areMarksByLetter() throws(LedgerError) -> Bool {
        let first = "SELECT 1 FROM pragma_table_info('replay') WHERE name = 'letter' AND pk = 1"
        return try !query(text: first, row: { $0.integer(0) }).isEmpty
    }

    /// The same along the other key: by mark alone, each row would be found by reading them all.
    private func pruneMarksByLetter(
        _ sweep: RetentionSweep, before limitTime: Int64, limit: Int
    ) throws(LedgerError) -> (removed: Int, next: RetentionSweep?) {
        let rows = try query(
            text: ReplayMarkSQL.rows, [.text(sweep.letter), .text(sweep.mark), .integer(Int64(limit))],
            row: { row in
                (letter: row.text(0), mark: row.text(1), at: row.integer(2), isOpen: row.integer(3) != 0)
            })
        var removed = 0
        for row in rows where row.at < limitTime && !row.isOpen {
            removed += try execute(text: ReplayMarkSQL.delete, [.text(row.letter), .text(row.mark)])
        }
        guard rows.count == limit, let last = rows.last else { return (removed, sweep.next) }
        var next = sweep
        (next.letter, next.mark) = (last.letter, last.mark)
        return (removed, next)
    }

    /// E-mail addresses of subjects to which nothing has happened for long, and no letter waits. One whose subject was
    /// never applied counts from when a flow that only looks on (`order@orders.taken` beside `order`) has noted it:
    /// what nobody has handled since is on its way no more. One that nobody has noted either stays.
    private func pruneAddresses(
        _ sweep: RetentionSweep, before limitTime: Int64, limit: Int
    ) throws(LedgerError) -> (removed: Int, next: RetentionSweep?) {
        let last = sweep.alias
        let rows = try query(
            """
            WITH RECURSIVE families (family) AS (
                SELECT min(family) FROM subject_state
                UNION ALL SELECT (SELECT min(s.family) FROM subject_state AS s WHERE s.family > families.family)
                FROM families WHERE families.family IS NOT NULL)
            SELECT kind, value, family, subject,
                ifnull(coalesce(
                    (SELECT s.applied_at FROM subject_state AS s
                        WHERE s.family = alias.family AND s.subject = alias.subject),
                    (SELECT max(s.applied_at) FROM families AS f CROSS JOIN subject_state AS s
                        WHERE s.family = f.family AND s.subject = alias.subject
                            AND substr(f.family, 1, length(alias.family) + 1) = alias.family || '@')) < ?, 0)
                AND NOT EXISTS (SELECT 1 FROM dead_letter AS d
                    WHERE d.subject = alias.subject AND d.state IN ('open', 'replayed'))
            FROM alias WHERE (value, kind, family, subject) > (?, ?, ?, ?) ORDER BY value, kind, family, subject LIMIT ?
            """, .integer(limitTime), .text(last?.value ?? ""), .text(last?.kind ?? ""), .text(last?.family ?? ""),
            .text(last?.subject ?? ""), .integer(Int64(limit)),
            row: { row in
                (
                    alias: Alias(kind: row.text(0), value: row.text(1), family: row.text(2), subject: row.text(3)),
                    isOver: row.integer(4) != 0
                )
            })
        var removed = 0
        for (alias, isOver) in rows where isOver && alias.isAddress {
            removed += try execute(
                "DELETE FROM alias WHERE value = ? AND kind = ? AND family = ? AND subject = ?", .text(alias.value),
                .text(alias.kind), .text(alias.family), .text(alias.subject))
        }
        guard rows.count == limit, let end = rows.last else { return (removed, sweep.next) }
        var next = sweep
        next.alias = end.alias
        return (removed, next)
    }
}

/// What a sweep asks of the marks of replays, so that a test can see that each answer is found by its key.
enum ReplayMarkSQL {
    static let rows = """
        SELECT letter, mark, at, EXISTS (SELECT 1 FROM dead_letter
            WHERE dead_letter.id = replay.letter AND state IN ('open', 'replayed'))
        FROM replay WHERE (letter, mark) > (?, ?) ORDER BY letter, mark LIMIT ?
        """
    static let delete = "DELETE FROM replay WHERE letter = ? AND mark = ?"
}
