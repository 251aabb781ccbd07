/// A follow-up message, written in the transaction of the effect it follows and published after the commit.
public struct OutboxMessage: Hashable, Sendable {
    /// The message's id; publishing twice under one id is harmless.
    public var id: String
    /// Where to publish it.
    public var exchange: String
    /// Where the exchange should send it.
    public var routingKey: String
    /// The content type of the body.
    public var contentType: String
    /// The message's type.
    public var type: String
    /// The business key; messages of one subject leave one after the other. Empty when order does not matter.
    public var subject: String
    /// The object's revision.
    public var revision: Int64
    /// Further headers.
    public var headers: [String: String]
    /// The message it answers.
    public var correlationID: String?
    /// The body.
    public var body: [UInt8]

    /// A follow-up message.
    public init(
        id: String, exchange: String, routingKey: String, contentType: String, type: String, subject: String,
        revision: Int64, headers: [String: String] = [:], correlationID: String? = nil, body: [UInt8]
    ) {
        self.id = id
        self.exchange = exchange
        self.routingKey = routingKey
        self.contentType = contentType
        self.type = type
        self.subject = subject
        self.revision = revision
        self.headers = headers
        self.correlationID = correlationID
        self.body = body
    }
}

/// A message that one flusher may publish until the lease is over.
public struct LeasedOutboxMessage: Hashable, Sendable {
    /// Its place in the outbox, never used again for another message.
    public var sequence: Int64
    /// How often it has been leased, this time included.
    public var attempts: Int
    /// When it was written.
    public var enqueuedAt: Int64
    /// The message.
    public var message: OutboxMessage

    /// All fields in their order.
    public init(sequence: Int64, attempts: Int, enqueuedAt: Int64, message: OutboxMessage) {
        self.sequence = sequence
        self.attempts = attempts
        self.enqueuedAt = enqueuedAt
        self.message = message
    }
}

extension LedgerTransaction {
    /// Writes a message to be published after the commit.
    public func enqueueOutbox(_ message: OutboxMessage, at: Int64) throws(LedgerError) {
        _ = try connection.run(
            """
            INSERT INTO outbox (id, exchange, routing_key, content_type, type, subject, revision, headers,
                correlation_id, body, enqueued_at, is_head)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
                ?6 = '' OR NOT EXISTS (SELECT 1 FROM outbox WHERE subject = ?6))
            """
        ) { bind in
            bind.text(message.id)
            bind.text(message.exchange)
            bind.text(message.routingKey)
            bind.text(message.contentType)
            bind.text(message.type)
            bind.text(message.subject)
            bind.integer(message.revision)
            bind.text(message.headers.isEmpty ? "" : TextPairs.encode(message.headers))
            bind.text(message.correlationID)
            bind.blob(message.body)
            bind.integer(at)
        }
    }

    /// Takes up to `limit` messages to publish, oldest first, at most one of each subject: the next one of a subject is
    /// given out only when this one has been marked published.
    public func leaseOutbox(
        limit: Int, holder: String, lease: Duration, now: Int64
    ) throws(LedgerError) -> [LeasedOutboxMessage] {
        let leased = try connection.all(
            try connection.prepare(
                """
                SELECT sequence, attempts + 1, enqueued_at, id, exchange, routing_key, content_type, type, subject,
                    revision, headers, correlation_id, body
                FROM outbox INDEXED BY outbox_head WHERE is_head = 1 AND available_at NOT BETWEEN ? AND ?
                ORDER BY sequence LIMIT ?
                """),
            { bind in
                bind.integer(now.adding(.microseconds(1)))
                bind.integer(now.adding(.microseconds(Lease.longest)))
                bind.integer(Int64(limit))
            },
            row: { LeasedOutboxMessage($0) })
        for message in leased {
            _ = try connection.run(
                "UPDATE outbox SET available_at = ?, lease_holder = ?, attempts = attempts + 1 WHERE sequence = ?"
            ) { bind in
                bind.integer(Lease.end(lease, from: now))
                bind.text(holder)
                bind.integer(message.sequence)
            }
        }
        return leased
    }

    /// Removes messages that the broker has confirmed, whoever published them, and lets the next of their subjects go.
    public func markPublished(_ sequences: some Sequence<Int64>) throws(LedgerError) {
        for sequence in sequences {
            let subject = try connection.first(
                "DELETE FROM outbox WHERE sequence = ? RETURNING subject", { $0.integer(sequence) },
                row: { $0.text(0) })
            guard let subject, !subject.isEmpty else { continue }
            _ = try connection.run(
                """
                UPDATE outbox SET is_head = 1
                WHERE sequence = (SELECT min(sequence) FROM outbox WHERE subject = ?) AND is_head = 0
                """
            ) { $0.text(subject) }
        }
    }

    /// Gives messages back that could not be published, to be tried again from `retryAt` on. Those that another flusher
    /// has taken over in the meantime are left alone.
    public func releaseOutbox(
        _ sequences: some Sequence<Int64>, holder: String, retryAt: Int64
    ) throws(LedgerError) {
        for sequence in sequences {
            _ = try connection.run(
                """
                UPDATE outbox SET available_at = ?, lease_holder = NULL WHERE sequence = ? AND lease_holder = ?
                """
            ) { bind in
                bind.integer(retryAt)
                bind.integer(sequence)
                bind.text(holder)
            }
        }
    }
}

extension LedgerSnapshot {
    /// How many messages wait to be published.
    public final func outboxCount() throws(LedgerError) -> Int {
        let count = try connection.first("SELECT count(*) FROM outbox", { _ in }, row: { $0.integer(0) })
        return Int(count ?? 0)
    }

    /// When the oldest message that waits was written; nil when none waits.
    public final func oldestOutbox() throws(LedgerError) -> Int64? {
        try connection.first(
            "SELECT enqueued_at FROM outbox ORDER BY sequence LIMIT 1", { _ in }, row: { $0.integer(0) })
    }
}

extension LeasedOutboxMessage {
    fileprivate init(_ row: borrowing SQLRow) {
        sequence = row.integer(0)
        attempts = Int(row.integer(1))
        enqueuedAt = row.integer(2)
        message = OutboxMessage(
            id: row.text(3), exchange: row.text(4), routingKey: row.text(5), contentType: row.text(6),
            type: row.text(7), subject: row.text(8), revision: row.integer(9),
            headers: TextPairs.decode(row.text(10)), correlationID: row.optionalText(11), body: row.blob(12))
    }
}
