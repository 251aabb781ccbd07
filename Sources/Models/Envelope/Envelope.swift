/// The CloudEvents 1.0 attributes of a message: what it is, of whom it speaks and where it comes from.
public struct Envelope: Hashable, Sendable {
    /// Unique per ``source``; a UUIDv7 in messages of our own (``MessageID``).
    public var id: String
    /// The producer, as a URI.
    public var source: String
    /// The ``MessageType/name``, which is also the routing key.
    public var type: String
    /// The business key of the object that `data` restates.
    public var subject: String
    /// When the message was made.
    public var time: Timestamp
    /// The URI of the schema of `data`.
    public var dataSchema: String?
    /// Counts the restatements of the subject from 1.
    public var revision: Int64
    /// The W3C trace context in which the message was made. A malformed one is dropped, not a fault.
    public var traceParent: String?
    /// The W3C trace state that goes with ``traceParent``.
    public var traceState: String?
    /// The id of the dead letter that this message repeats.
    public var replayOf: String?
    /// Other CloudEvents extensions, as text.
    public var extensions: [String: String]

    /// All attributes in their order.
    public init(
        id: String, source: String, type: String, subject: String, time: Timestamp, dataSchema: String? = nil,
        revision: Int64, traceParent: String? = nil, traceState: String? = nil, replayOf: String? = nil,
        extensions: [String: String] = [:]
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.subject = subject
        self.time = time
        self.dataSchema = dataSchema
        self.revision = revision
        self.traceParent = traceParent
        self.traceState = traceState
        self.replayOf = replayOf
        self.extensions = extensions
    }

    /// The envelope of a message that restates `payload` and is made now.
    public init(
        for payload: some Payload, as type: MessageType, source: String, time: Timestamp, id: String = MessageID.next(),
        traceParent: String? = nil, traceState: String? = nil
    ) {
        self.init(
            id: id, source: source, type: type.name, subject: payload.subject, time: time, dataSchema: type.dataSchema,
            revision: payload.revision, traceParent: traceParent, traceState: traceState)
    }
}
