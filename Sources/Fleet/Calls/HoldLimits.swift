internal import Ledger

/// How long a delivery may be held without being settled.
///
/// The broker takes everything back from a channel on which one delivery stays unsettled for its consumer time-out (30
/// minutes unless configured), and each time counts against the delivery limit of healthy messages. So nothing waits
/// inside a worker for longer than a fraction of that; what has to wait longer waits in a queue.
struct HoldLimits: Sendable {
    /// From its delivery until a message that waits for room or for its turn goes back to a queue.
    var waiting: Duration = .seconds(180)
    /// From its delivery until a message whose copy no broker confirms goes back to its queue.
    var detour: Duration = .seconds(600)
    /// From the confirm of a message's copy until the note of it in the ledger is given up.
    var note: Duration = .seconds(240)
    /// A pause that lasts longer gives everything back; through a shorter one, messages stay in hand.
    var pause: Duration = .seconds(30)
    /// The longest wait of one refused message beside calls that succeed.
    var refusal: Duration = .seconds(60)
    /// How long a worker that tries whether a system is back waits for something to call it for.
    var trial: Duration = .seconds(3)
    /// For so long a message is left to its turn in the queue; one that cannot wait is called for before it then.
    var turn: Duration = .seconds(5)
    /// How often it is looked for those.
    var ahead: Duration = .seconds(1)
    /// How often it is looked for messages that are held too long.
    var sweep: Duration = .seconds(5)

    /// The longest that a projection's message is held: the ledger is waited for, the message's copy finds no queue and is
    /// then tried once more in a reduced form, and the note of it finds no room.
    var longestProjection: Duration { pause + detour * 2 + note }
}

extension Failure {
    /// The called system takes messages more slowly than they were fetched.
    static let heldTooLong = Failure(
        code: "worker.held", category: .unavailable,
        sentence: "The message has waited inside this worker for minutes without its turn coming.",
        remedy: "Nothing to do: it waits in its queue. `worker.call-prefetch` sets how many messages a worker holds.")

    /// Messages that crash workers took this one with them so often that the broker's count has to begin anew.
    static let nearDeliveryLimit = Failure(
        code: "probation.waits", category: .unavailable,
        sentence: "The message came back to its queue so often that the broker would soon set it aside.",
        remedy: "Nothing to do: a copy that the broker counts anew is tried alone in a few seconds.")

    /// The ledger takes nothing now.
    init(_ error: LedgerError) {
        self.init(code: error.code, category: .unavailable, sentence: error.sentence, remedy: error.remedy)
    }

    /// The called system answers, and fails whatever it is called for.
    static func failing(_ system: String, _ failure: Failure) -> Failure {
        Failure(
            code: "\(system).failing", category: .unavailable,
            sentence: "The system \(system) answers, and fails one call after the other: \(failure.sentence)",
            remedy: "\(failure.remedy) The messages wait, and go on by themselves.")
    }

    /// The called system refuses every call for the time being.
    static func noRoom(_ system: String, for pause: Duration) -> Failure {
        Failure(
            code: "\(system).slow-down", category: .unavailable,
            sentence: "The system \(system) takes no calls; it asked to wait for \(pause.components.seconds) s.",
            remedy: "Nothing to do: the messages wait and are sent by themselves afterwards.")
    }
}
