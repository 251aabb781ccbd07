internal import Ledger
internal import Models
internal import RabbitMQ

/// A message that a person must look at: the original body byte for byte, with headers that say why.
struct DeadLetter {
    let message: OutgoingMessage
    var record: DeadLetterRecord
    let fingerprint: Fingerprint

    init(_ intake: Intake, names: ContractNames, queue: String, worker: String, failure: Failure) {
        let now = Timestamp.now()
        let first = intake.firstFailedAt ?? now.description
        fingerprint = Fingerprint(queue: queue, type: names.type, failure: failure)
        message = Forwarding.copy(
            of: intake, exchange: FleetTopology.deadExchange, routingKey: FleetTopology.deadQueue(queue),
            extra: [
                (MessageHeader.code, .string(failure.code)),
                (MessageHeader.category, .string(failure.category.rawValue)),
                (MessageHeader.sentence, Forwarding.text(failure.sentence)),
                (MessageHeader.remedy, Forwarding.text(failure.remedy)),
                (MessageHeader.faults, Forwarding.text(Self.list(failure.faults))),
                (MessageHeader.attempt, .int64(Int64(intake.attempt))),
                (MessageHeader.firstFailedAt, .string(first)), (MessageHeader.lastFailedAt, .string(now.description)),
                (MessageHeader.originQueue, .string(queue)),
                (MessageHeader.originExchange, Forwarding.text(intake.originExchange)),
                (MessageHeader.originKey, Forwarding.text(intake.originKey)),
                (MessageHeader.worker, .string(worker)),
                (MessageHeader.fingerprint, .string(fingerprint.description)),
            ])
        record = DeadLetterRecord(
            id: names.id ?? intake.key, queue: FleetTopology.deadQueue(queue), flow: queue,
            type: names.type ?? "", subject: names.subject ?? "", revision: names.revision ?? 0,
            code: failure.code, category: failure.category.rawValue, sentence: failure.sentence,
            remedy: failure.remedy, fingerprint: fingerprint.description, attempts: intake.attempt,
            firstFailedAt: Timestamp(rfc3339: first)?.microseconds ?? now.microseconds,
            lastFailedAt: now.microseconds, state: .open)
    }

    /// One fault a line: pointer, rule and sentence.
    private static func list(_ faults: [Fault]) -> String {
        faults.map { "\($0.pointer)\t\($0.rule)\t\($0.sentence)" }.joined(separator: "\n")
    }
}
