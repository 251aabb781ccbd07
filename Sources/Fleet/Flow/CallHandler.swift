public import Ledger
public import Models

/// Calls another system for a message. Must be idempotent there: it may run again after a crash or a lost reply.
public protocol CallHandler: Sendable {
    /// The message types it takes, for example `order.placed.v1`.
    var types: [String] { get }

    /// Makes the call. Never two at once for one subject.
    func call(_ message: Received, context: CallContext) async -> CallAnswer

    /// What the ledger alone can say of a message that is news, so that nobody is called for it; nil for "call".
    ///
    /// Asked in the transaction of the claim, for each message: one look by a key, and no more where there is nothing to say.
    /// Only ``Ruling/overtaken(by:)`` may be said of a subject that somebody has in hand or may have called for.
    /// - Parameter known: What the ledger knew of the subject before; nil when nobody has ever claimed it.
    func ruling(on message: Received, known: SubjectState?, in snapshot: LedgerSnapshot) throws -> Ruling?

    /// Whether some messages are more urgent than others. The ledger is read for a handful of messages at a time then.
    var knowsUrgency: Bool { get }

    /// How much sooner than others a message is called for. Asked once, when it comes in.
    func urgency(of message: Received, in snapshot: LedgerSnapshot) throws -> Urgency
}

extension CallHandler {
    /// Every message is called for.
    public func ruling(on message: Received, known: SubjectState?, in snapshot: LedgerSnapshot) throws -> Ruling? {
        nil
    }

    /// First come, first served.
    public var knowsUrgency: Bool { false }

    /// First come, first served.
    public func urgency(of message: Received, in snapshot: LedgerSnapshot) throws -> Urgency { .none }
}

/// What a handler may want to know about the call it makes.
public struct CallContext: Sendable {
    /// Counts the tries of this message from 1.
    public var attempt: Int
    /// An earlier try may have reached the other system: ask before creating anything.
    public var mayHaveBeenCalled: Bool
    /// The other system has given the ledger no name for the subject: it most likely does not have it.
    public var isNew: Bool

    /// Creates a context.
    public init(attempt: Int, mayHaveBeenCalled: Bool, isNew: Bool = false) {
        self.attempt = attempt
        self.mayHaveBeenCalled = mayHaveBeenCalled
        self.isNew = isNew
    }
}

/// What came of a call.
public enum CallAnswer: Sendable {
    /// The other system has answered for good; business refusals included.
    case effect(Effect)
    /// It has no room now: the same call is made again after the delay, and no attempt is spent.
    case slowDown(after: Duration?)
    /// It did not work.
    case failure(Failure)
}

/// What a finished call leaves behind, written in one ledger transaction.
public struct Effect: Sendable {
    /// The subject's state in one word, for whoever asks why.
    public var state: String
    /// The other system's own number for it.
    public var reference: String?
    /// Writes more inside the transaction and returns the messages that follow; may run again if the commit fails.
    public var record: @Sendable (LedgerTransaction) throws -> [FollowUp]

    /// Creates an effect.
    public init(
        state: String, reference: String?,
        record: @escaping @Sendable (LedgerTransaction) throws -> [FollowUp] = { _ in [] }
    ) {
        self.state = state
        self.reference = reference
        self.record = record
    }
}

/// A message that follows from an effect; it goes through the outbox.
public struct FollowUp: Sendable {
    /// Its message type, for example `order.status.v1`.
    public var type: MessageType
    /// Its body, at a revision from the ledger's counter.
    public var payload: any Payload
    /// When that became so, where the called system says it; else when the effect is recorded.
    public var time: Timestamp?

    /// Creates a follow-up.
    public init(type: MessageType, payload: any Payload, time: Timestamp? = nil) {
        self.type = type
        self.payload = payload
        self.time = time
    }
}
