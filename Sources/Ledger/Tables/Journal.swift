/// One step of one message, for whoever asks later what happened to it.
public struct JournalEntry: Hashable, Sendable {
    /// When, in microseconds since 1970.
    public var at: Int64
    /// The message's id, when it has one.
    public var messageID: String?
    /// The message's type, when it is known.
    public var type: String?
    /// The business key, when it is known.
    public var subject: String?
    /// The object's revision, when it is known.
    public var revision: Int64?
    /// The step of the road, for example `apply`.
    public var stage: String
    /// How it ended: stable and dotted.
    public var code: String
    /// A sentence, when the code does not say it all.
    public var detail: String?
    /// Which worker did it.
    public var worker: String?
    /// Which attempt it was, from 1.
    public var attempt: Int
    /// How long it took.
    public var durationMicroseconds: Int64?
    /// The W3C trace id.
    public var traceID: String?

    /// One step of one message.
    public init(
        at: Int64, messageID: String? = nil, type: String? = nil, subject: String? = nil, revision: Int64? = nil,
        stage: String, code: String, detail: String? = nil, worker: String? = nil, attempt: Int = 1,
        durationMicroseconds: Int64? = nil, traceID: String? = nil
    ) {
        self.at = at
        self.messageID = messageID
        self.type = type
        self.subject = subject
        self.revision = revision
        self.stage = stage
        self.code = code
        self.detail = detail
        self.worker = worker
        self.attempt = attempt
        self.durationMicroseconds = durationMicroseconds
        self.traceID = traceID
    }
}

extension LedgerTransaction {
    /// Appends a step; the journal is never changed afterwards.
    public func journal(_ entry: JournalEntry) throws(LedgerError) {
        let written = try connection.run(
            """
            INSERT INTO journal (at, message_id, type, subject, revision, stage, code, detail, worker, attempt,
                duration, trace_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { bind in
            bind.integer(entry.at)
            bind.text(entry.messageID)
            bind.text(entry.type)
            bind.text(entry.subject)
            bind.integer(entry.revision)
            bind.text(entry.stage)
            bind.text(entry.code)
            bind.text(entry.detail)
            bind.text(entry.worker)
            bind.integer(Int64(entry.attempt))
            bind.integer(entry.durationMicroseconds)
            bind.text(entry.traceID)
        }
        guard written > 0 else { return }
        try indexJournal(after: connection.lastInsertedID)
    }
}

extension LedgerSnapshot {
    /// The newest steps of everything with this business key, oldest first.
    /// - Parameter chunks: How far to look back, in chunks of 8,192 steps of whatever subject.
    public final func journalEntries(
        subject: String, limit: Int = 200, chunks: Int = .max
    ) throws(LedgerError) -> [JournalEntry] {
        try newestEntries(key: subject, tail: JournalSQL.subjectTail, JournalSQL.subject, limit: limit, chunks: chunks)
    }

    /// The newest steps of one message, oldest first.
    public final func journalEntries(messageID: String, limit: Int = 200) throws(LedgerError) -> [JournalEntry] {
        try newestEntries(key: messageID, tail: JournalSQL.messageTail, JournalSQL.message, limit: limit, chunks: .max)
    }

    /// Looks through what no index has yet, then into one chunk after the other, the newest first, until there are enough.
    private final func newestEntries(
        key: String, tail: StaticString, _ sql: StaticString, limit: Int, chunks: Int
    ) throws(LedgerError) -> [JournalEntry] {
        guard let extent = try journalExtent(), limit > 0 else { return [] }
        var found = try entries(tail, from: extent.firstUnindexedStep, key: key, limit: limit)
        var next: Int64? = extent.lastIndexedChunk
        while let chunk = next, chunk >= extent.oldestChunk, Int(extent.newestChunk - chunk) < chunks,
            found.count < limit
        {
            let more = try entries(sql, from: chunk, key: key, limit: limit - found.count)
            found += more
            // What is kept of an old journal may lie far apart.
            next = try more.isEmpty ? chunkOfSteps(before: chunk) : chunk - 1
        }
        return found.reversed()
    }

    private final func entries(
        _ sql: StaticString, from place: Int64, key: String, limit: Int
    ) throws(LedgerError) -> [JournalEntry] {
        try connection.all(
            try connection.prepare(sql),
            { bind in
                bind.integer(place)
                bind.text(key)
                bind.integer(Int64(limit))
            },
            row: { JournalEntry($0) })
    }
}

extension JournalEntry {
    /// The columns in the order of ``JournalSQL``.
    init(_ row: borrowing SQLRow) {
        self.init(
            at: row.integer(0), messageID: row.optionalText(1), type: row.optionalText(2),
            subject: row.optionalText(3), revision: row.optionalInteger(4), stage: row.text(5), code: row.text(6),
            detail: row.optionalText(7), worker: row.optionalText(8), attempt: Int(row.integer(9)),
            durationMicroseconds: row.optionalInteger(10), traceID: row.optionalText(11))
    }
}
