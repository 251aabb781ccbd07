internal import Models

/// What can go wrong on the road itself.
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
            sentence:
                "Revision \(envelope.revision) of \"\(envelope.subject)\" was already applied with other content.",
            remedy: "The producer must raise the revision with every change; send it again at a new revision.")
    }

    /// The message is done, and what follows from it cannot be said in its contract.
    static func followUp(_ error: ContractError, of cause: Envelope, type: MessageType) -> Failure {
        Failure(
            code: "follow-up.contract", category: error.reason == .unable ? .transient : .rejected,
            sentence:
                "The called system has dealt with \"\(cause.subject)\", but its answer breaks the contract of \(type): \(error.sentence)",
            remedy:
                "Correct what the faults name in the called system, then replay: the call is made again and finds it done.",
            faults: error.faults)
    }

    static func closed(_ system: String) -> Failure {
        Failure(
            code: "outage", category: .unavailable, sentence: "The system \(system) is out of reach.",
            remedy: "Nothing to do: the message waits and is tried by itself when the system is back.")
    }

    static func statement(_ code: Int32, _ message: String) -> Failure {
        Failure(
            code: "ledger.sql", category: .transient,
            sentence: "A ledger statement failed for this message (SQLite \(code)): \(message).",
            remedy: "This is a fault of the program: report it, and replay the message after an upgrade.")
    }

    static func unexpected(_ error: any Error) -> Failure {
        Failure(
            code: "handler.error", category: .transient, sentence: "The handler of this message failed: \(error).",
            remedy: "This is a fault of the program: report it, and replay the message after an upgrade.")
    }

    static func leased(_ envelope: Envelope) -> Failure {
        Failure(
            code: "lease.busy", category: .transient, sentence: "Another worker is busy with \"\(envelope.subject)\".",
            remedy: "Nothing to do: it is tried again in a few seconds.")
    }
}
