internal import Ledger
internal import Models
internal import RabbitMQ

/// A decoded message on its way to a call.
struct CallJob: Sendable {
    let intake: Intake
    let message: Received
    let names: ContractNames

    init(_ intake: Intake, _ message: Received) {
        self.intake = intake
        self.message = message
        names = ContractNames(message.envelope)
    }

    /// Whether an earlier try may have got as far as the call: the broker delivered the message before, or it was retried.
    var mayHaveBeenCalled: Bool { intake.delivery.redelivered || intake.attempt > 1 }
}

extension Failure {
    static func noHandler(_ type: String, queue: String) -> Failure {
        Failure(
            code: "unsupported.flow", category: .malformed,
            sentence: "Messages of type \(type) do not belong in the queue \(queue).",
            remedy: "Check the producer's routing key and the bindings with `stevedore topology check`.")
    }

    static func conflict(_ envelope: Envelope) -> Failure {
        Failure(
            code: "conflict.same-revision", category: .malformed,
            sentence: "Revision \(envelope.revision) of \(envelope.subject) was already applied with other content.",
            remedy: "The producer must raise the revision with every change; send the order again at a new revision.")
    }

    static func closed(_ system: String) -> Failure {
        Failure(
            code: "outage", category: .unavailable, sentence: "The system \(system) is out of reach.",
            remedy: "Nothing to do: the message waits and is tried by itself when the system is back.")
    }

    static func leased(_ envelope: Envelope) -> Failure {
        Failure(
            code: "lease.busy", category: .transient, sentence: "Another worker is busy with \(envelope.subject).",
            remedy: "Nothing to do: it is tried again in a few seconds.")
    }
}
