internal import Ledger
internal import Models
internal import RabbitMQ

/// A message that a flow which only looks on has seen, and that another queue must have too.
struct Observation: Hashable, Sendable {
    /// The queue where it is handled.
    var flow: String
    /// The message's id.
    var messageID: String
    /// Its type.
    var type: String
    /// The business key.
    var subject: String
    /// The newest revision that was seen.
    var revision: Int64
    /// Under which id its body is kept.
    var payload: String
    /// When it was seen, or last sent again.
    var at: Int64

    /// One row per object, until it is known to be handled.
    static let migration = LedgerMigration(
        number: 3, name: "observed messages",
        script: """
            CREATE TABLE observed (
                flow TEXT NOT NULL, subject TEXT NOT NULL, type TEXT NOT NULL, message_id TEXT NOT NULL,
                revision INTEGER NOT NULL, payload TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (flow, subject)
            ) WITHOUT ROWID;
            CREATE INDEX observed_by_time ON observed (at);
            """)
}

extension LedgerTransaction {
    /// Notes that a message was seen, with its body, so that it can be sent again.
    func observe(_ item: Intake, _ message: Received, now: Int64) throws {
        let payload = try keepBody(of: item, message, now: now)
        try execute(
            """
            INSERT OR REPLACE INTO observed (flow, subject, type, message_id, revision, payload, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        ) { bind in
            bind.text(message.type.queue)
            bind.text(message.envelope.subject)
            bind.text(message.type.name)
            bind.text(message.envelope.id)
            bind.integer(message.envelope.revision)
            bind.text(payload)
            bind.integer(now)
        }
    }

    /// A message in binary mode is kept in structured mode, which needs no headers.
    private func keepBody(of item: Intake, _ message: Received, now: Int64) throws -> String {
        let id = message.envelope.id
        guard item.properties.contentType != IncomingMessage.structured else {
            return try item.delivery.body.withUnsafeBytes { try storeBody(id: id, body: $0, at: now) }
        }
        let body = MessageWriter().write(message.envelope, message.payload)
        return try body.withUnsafeBytes { try storeBody(id: id + "#structured", body: $0, at: now) }
    }

    /// It is handled: nothing more need be known.
    func forget(_ observation: Observation) throws {
        try execute("DELETE FROM observed WHERE flow = ? AND subject = ? AND revision = ?") { bind in
            bind.text(observation.flow)
            bind.text(observation.subject)
            bind.integer(observation.revision)
        }
    }

    /// Has it sent to its queue, and waits as long again before the next time. One whose body is not kept any more is given
    /// up, which the journal says.
    /// - Returns: whether it is sent.
    func sendAgain(_ observation: Observation, by holder: String, now: Int64) throws -> Bool {
        guard let body = try payload(id: observation.payload)?.body else {
            try giveUp(observation, by: holder, now: now)
            return false
        }
        try enqueueOutbox(
            OutboxMessage(
                id: observation.messageID, exchange: FleetTopology.requeueExchange, routingKey: observation.flow,
                contentType: IncomingMessage.structured, type: observation.type, subject: observation.subject,
                revision: observation.revision, body: body), at: now)
        try journal(
            JournalEntry(
                at: now, messageID: observation.messageID, type: observation.type, subject: observation.subject,
                revision: observation.revision, stage: Self.sentAgain, code: "ok",
                detail: "\(observation.flow) had never had it", worker: holder, attempt: 1))
        try execute("UPDATE observed SET at = ? WHERE flow = ? AND subject = ?") { bind in
            bind.integer(now)
            bind.text(observation.flow)
            bind.text(observation.subject)
        }
        return true
    }

    private func giveUp(_ observation: Observation, by holder: String, now: Int64) throws {
        try journal(
            JournalEntry(
                at: now, messageID: observation.messageID, type: observation.type, subject: observation.subject,
                revision: observation.revision, stage: Self.sentAgain, code: "body.gone",
                detail: "\(observation.flow) had never had it, and its body is not kept any more: publish it anew",
                worker: holder, attempt: 1))
        try forget(observation)
    }

    static var sentAgain: String { "sent-again" }
    static var noted: String { "noted" }
}

extension LedgerSnapshot {
    /// What was seen at that time or earlier, the oldest first.
    func observations(until time: Int64, limit: Int) throws -> [Observation] {
        try query(
            """
            SELECT flow, message_id, type, subject, revision, payload, at FROM observed INDEXED BY observed_by_time
            WHERE at <= ? ORDER BY at LIMIT ?
            """, .integer(time), .integer(Int64(limit))
        ) { row in
            Observation(
                flow: row.text(0), messageID: row.text(1), type: row.text(2), subject: row.text(3),
                revision: row.integer(4), payload: row.text(5), at: row.integer(6))
        }
    }

    /// Whether the object's own flow has begun with this revision, or a newer one: then the journal says how it went on. A
    /// try before its turn says nothing of its queue.
    func isHandled(_ observation: Observation) throws -> Bool {
        guard let type = Catalogue.type(named: observation.type) else { return false }
        // Most often it is applied, which is seen without reading the journal.
        let state = try subjectState(family: type.family, subject: observation.subject)
        if let state, state.revision >= observation.revision { return true }
        let types = type.familyTypes
        return try journalEntries(subject: observation.subject).contains { entry in
            guard let type = entry.type, let revision = entry.revision else { return false }
            return revision >= observation.revision && types.contains(type)
                && !entry.stage.hasPrefix(LedgerTransaction.noted)
                && entry.stage != LedgerTransaction.sentAgain && !Pressing.tells(entry)
        }
    }
}
