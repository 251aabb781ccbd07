internal import Ledger
internal import Models
internal import RabbitMQ

/// A message that cannot wait for its turn in the queue, as the ledger knows it: its object's last word, with its body.
struct Pressing: Sendable {
    let family: String
    let subject: String
    let revision: Int64
    let messageID: String
    let urgency: Urgency
    /// Under which id its body is kept, in structured mode.
    let payload: String

    /// What the journal adds when such a message is begun.
    static let beforeItsTurn = "before its turn in the queue"
    /// What the journal's reason begins with when it comes to no end.
    static let waits = "waits for its turn: "

    /// Whether a step of the journal tells of such a try, and nothing of the message's own delivery.
    static func tells(_ step: JournalEntry) -> Bool {
        step.detail.map { $0 == beforeItsTurn || $0.hasPrefix(waits) } ?? false
    }
}

extension LedgerSnapshot {
    /// The most urgent of what was noted at that time or earlier and of which the newest revision has not been applied, at
    /// most so many.
    ///
    /// Left out is what somebody has in hand, or died with, and what is or was in front of a person.
    func pressing(family: String, flow: String, notedUntil: Int64, limit: Int) throws(LedgerError) -> [Pressing] {
        try query(
            Self.pressingQuery, .text(flow), .text(family), .integer(notedUntil), .integer(Int64(limit))
        ) { row in
            Pressing(
                family: family, subject: row.text(0), revision: row.integer(1), messageID: row.text(2),
                urgency: Urgency(rank: Int(row.integer(3)), due: Timestamp(microseconds: row.integer(4))),
                payload: row.text(5))
        }
    }

    /// Its body; nil when it is not kept, or cannot be read any more: that is left to its turn, and holds nobody else up.
    func keptBody(of one: Pressing) throws(LedgerError) -> [UInt8]? {
        do {
            return try payload(id: one.payload)?.body
        } catch .corrupt {
            return nil
        }
    }

    /// An observation is forgotten once a worker has begun with it; the body stays kept, that of a message in binary mode
    /// under a name of its own.
    static let pressingQuery: StaticString = """
        SELECT w.subject, w.revision, w.message_id, w.rank, w.due_at, coalesce(o.payload,
            (SELECT p.id FROM payload AS p WHERE p.id = w.message_id || '#structured'), w.message_id)
        FROM last_word AS w INDEXED BY last_word_pressing
        LEFT JOIN observed AS o ON o.flow = ? AND o.subject = w.subject AND o.revision = w.revision
        LEFT JOIN subject_state AS s ON s.family = w.family AND s.subject = w.subject
        WHERE w.family = ? AND w.is_pressing = 1 AND w.noted_at <= ?
            AND s.lease_holder IS NULL AND coalesce(s.revision, 0) < w.revision
            AND NOT EXISTS (SELECT 1 FROM dead_letter AS d
                WHERE d.subject = w.subject AND d.revision = w.revision AND d.state <> 'resolved')
        ORDER BY w.rank DESC, w.due_at, w.noted_at LIMIT ?
        """

    /// Whether that revision is its object's last word, may go before its turn, and was not set aside for a person.
    func isPressing(_ key: ClaimKey) throws(LedgerError) -> Bool {
        try first(
            """
            SELECT 1 FROM last_word AS w
            WHERE w.family = ? AND w.subject = ? AND w.revision = ? AND w.is_pressing = 1
                AND NOT EXISTS (SELECT 1 FROM dead_letter AS d
                    WHERE d.subject = w.subject AND d.revision = w.revision AND d.state <> 'resolved')
            """, .text(key.family), .text(key.subject), .integer(key.revision)
        ) { $0.integer(0) } != nil
    }
}

extension LedgerTransaction {
    /// From now on that revision waits for its turn.
    func endPressing(family: String, subject: String, revision: Int64) throws(LedgerError) {
        try execute(
            "UPDATE last_word SET is_pressing = 0 WHERE family = ? AND subject = ? AND revision = ?", .text(family),
            .text(subject), .integer(revision))
    }
}

extension CallWork {
    /// Reads a message that the ledger has kept; nil when it cannot be read, which is for its own turn to say.
    ///
    /// It has no delivery of its own, and nothing of it may be settled: ``isAhead``.
    init?(_ one: Pressing, body: [UInt8], epoch: UInt64, with reader: MessageReader) {
        let properties = MessageProperties(contentType: IncomingMessage.structured, messageID: one.messageID)
        let intake = Intake(
            Delivery(
                tag: DeliveryTag(epoch: epoch, value: 0), exchange: FleetTopology.exchange, routingKey: "",
                properties: properties, body: body))
        // A producer may give several messages one id.
        guard let message = try? reader.read(intake), message.envelope.id == one.messageID,
            message.type.family == one.family, message.envelope.subject == one.subject,
            message.envelope.revision == one.revision
        else { return nil }
        var job = CallJob(intake, message)
        job.isAhead = true
        self = .call(job)
    }

    /// It is called for before its turn: its delivery comes later, and finds it done.
    var isAhead: Bool {
        if case .call(let job) = self { job.isAhead } else { false }
    }
}
