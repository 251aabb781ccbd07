internal import Logging
internal import Models
internal import RabbitMQ

/// What a message calls itself, as far as could be read: enough to journal it and to index its dead letter.
struct ContractNames: Hashable, Sendable {
    var id: String?
    var type: String?
    var subject: String?
    var revision: Int64?
    var traceParent: String?

    /// Nothing is known.
    init() {}

    init(_ envelope: Envelope) {
        id = envelope.id
        type = envelope.type
        subject = envelope.subject
        revision = envelope.revision
        traceParent = envelope.traceParent
    }

    init(_ error: ContractError, properties: MessageProperties) {
        id = error.id ?? properties.messageID
        type = error.type ?? properties.type
        subject = error.subject
        revision = nil
        traceParent = nil
    }

    /// Of a message whose body nobody dares to read: what its properties say, else what stands at the body's beginning.
    init(announcedBy intake: Intake) {
        let (properties, body) = (intake.properties, intake.delivery.body)
        let isStructured = properties.contentType.map { $0.hasPrefix(IncomingMessage.structured) } ?? true
        let glance = isStructured ? body.withUnsafeBytes { EnvelopeGlance($0) } : nil
        id = properties.messageID ?? glance?["id"]
        type = properties.type ?? glance?["type"]
        subject = intake.announcedSubject ?? glance?["subject"]
        revision = properties.headers["cloudEvents_revision"]?.integer ?? glance?["revision"].flatMap { Int64($0) }
    }

    /// For a log line.
    func metadata(_ more: Logger.Metadata = [:]) -> Logger.Metadata {
        var metadata = more
        metadata["id"] = id.map { "\($0)" }
        metadata["type"] = type.map { "\($0)" }
        metadata["subject"] = subject.map { "\($0)" }
        metadata["revision"] = revision.map { "\($0)" }
        return metadata
    }
}
