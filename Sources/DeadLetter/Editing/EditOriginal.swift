internal import Fleet
internal import Ledger
internal import Models
internal import RabbitMQ

/// The letter that a person wants to edit, as it lies in its queue, or in the ledger when no queue ever took it.
struct EditOriginal: Sendable {
    let letter: Letter
    /// Whether it has to be taken off a queue in the end.
    let isInQueue: Bool

    /// Looks for the letter and leaves it where it is; refused early when an edit would be refused anyway.
    static func find(_ id: String, _ configuration: Configuration) async throws(ProgramError) -> EditOriginal {
        let record = try await LedgerFile.read(configuration) { try $0.deadLetter(id: id) } ?? nil
        if let letter = try await lying(id, record, configuration) {
            guard letter.source != .unrouted else { throw unrouted(letter) }
            // A row of an earlier failure says nothing of this letter.
            if let record, record.state != .open, record.lastFailedAt >= letter.failedAt {
                throw ProgramError.notOpen(record)
            }
            return EditOriginal(letter: letter, isInQueue: true)
        }
        guard let record else { throw unknown(id) }
        guard record.state == .open else { throw ProgramError.notOpen(record) }
        guard let original = try await kept(record, configuration) else { throw held(id) }
        return original
    }

    /// Of several letters with one id, the one that the index tells of.
    private static func lying(
        _ id: String, _ record: DeadLetterRecord?, _ configuration: Configuration
    ) async throws(ProgramError) -> Letter? {
        var other: Letter?
        let exact = try await LetterBrowser(configuration: configuration).first(
            LetterFilter.everywhere(first: record?.flow)
        ) { letter in
            guard letter.id == id else { return false }
            if other == nil { other = letter }
            return record.map { $0.lastFailedAt == letter.lastFailedAt?.microseconds } ?? true
        }
        return exact ?? other
    }

    /// A message that could not be published was set aside by the ledger alone. Any other one is in a queue, though
    /// maybe in somebody's hands just now.
    private static func kept(
        _ record: DeadLetterRecord, _ configuration: Configuration
    ) async throws(ProgramError) -> EditOriginal? {
        guard LetterSource(queue: record.queue) == nil else { return nil }
        let name = record.payload ?? record.id
        guard let kept = try await LedgerFile.read(configuration, { try $0.payload(id: name) }) ?? nil else {
            return nil
        }
        var properties = kept.transport
        properties.messageID = properties.messageID ?? record.id
        properties.headers[MessageHeader.code] = .string(record.code)
        if let time = Timestamp(microseconds: record.lastFailedAt) {
            properties.headers[MessageHeader.lastFailedAt] = .string(time.description)
        }
        let delivery = Delivery(
            tag: DeliveryTag(epoch: 0, value: 0), routingKey: record.queue, properties: properties, body: kept.body)
        let letter = Letter(delivery, source: .dead(flow: record.flow), reader: MessageReader())
        return letter.id == record.id ? EditOriginal(letter: letter, isInQueue: false) : nil
    }

    private static func unrouted(_ letter: Letter) -> ProgramError {
        ProgramError(
            code: "dead-letter.unrouted",
            sentence: InertText.line("\(letter.id) did not fail: \(letter.sentence)"), remedy: letter.remedy,
            exit: .failure)
    }

    private static func unknown(_ id: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.unknown", sentence: "There is no dead letter \(InertText.line(id)).",
            remedy: "`dead-letter list --state all` shows what there is and was.", exit: .failure)
    }

    private static func held(_ id: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.held", sentence: "The letter \(InertText.line(id)) is not in its queue just now.",
            remedy: "Another `dead-letter` command may look at it: try again. \(ProgramError.restoring)",
            exit: .failure)
    }
}
