internal import Ledger
internal import Logging
internal import Models

/// An outbox message that can never be published, because AMQP cannot carry it or the broker refuses it for what it is.
///
/// It becomes a dead letter that the ledger keeps, so that it neither disappears nor holds back the messages of its
/// subject behind it; each of those restates the whole object anyway.
struct RefusedRow: Sendable {
    static let code = "outbox.unpublishable"

    private let row: LeasedOutboxMessage
    private let failure: Failure
    private let record: DeadLetterRecord
    private let worker: String

    init(_ row: LeasedOutboxMessage, reason: String, _ worker: String) {
        let message = row.message
        let flow = Catalogue.types.first { $0.name == message.type }?.queue ?? message.routingKey
        self.row = row
        self.worker = worker
        failure = Failure(
            code: Self.code, category: .malformed, sentence: "A follow-up message cannot be published: \(reason).",
            remedy:
                "Its body is in the ledger's payload table; raise the broker's max_message_size if that is the reason.")
        let now = Timestamp.now().microseconds
        record = DeadLetterRecord(
            id: message.id, queue: "outbox", flow: flow, type: message.type, subject: message.subject,
            revision: message.revision, code: failure.code, category: failure.category.rawValue,
            sentence: failure.sentence, remedy: failure.remedy,
            fingerprint: Fingerprint(queue: flow, type: message.type, failure: failure).description,
            attempts: row.attempts, firstFailedAt: now, lastFailedAt: now)
    }

    /// Moves it from the outbox to the dead letters.
    func setAside(in transaction: LedgerTransaction) throws {
        let message = row.message
        var record = record
        record.payload = try message.body.withUnsafeBytes { bytes in
            try transaction.storeBody(id: message.id, body: bytes, at: record.lastFailedAt)
        }
        try transaction.recordDeadLetter(record)
        try transaction.journal(
            JournalEntry(
                at: record.lastFailedAt, messageID: message.id, type: message.type, subject: message.subject,
                revision: message.revision, stage: "dead-lettered", code: failure.code, detail: failure.sentence,
                worker: worker, attempt: row.attempts))
        try transaction.markPublished([row.sequence])
    }

    func report(to logger: Logger) {
        logger.error(
            "outbox message set aside",
            metadata: [
                "code": "\(failure.code)", "id": "\(row.message.id)", "type": "\(row.message.type)",
                "subject": "\(row.message.subject)", "reason": "\(failure.sentence)", "remedy": "\(failure.remedy)",
            ])
    }
}
