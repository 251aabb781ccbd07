internal import Ledger
internal import Models
internal import RabbitMQ

/// A decoded message on its way to a call.
struct CallJob: Sendable {
    let intake: Intake
    let message: Received
    let names: ContractNames
    /// An earlier try in this process got no further than an error; its call may have been answered.
    var wasInterrupted = false
    /// It was taken out of the ledger before its turn in the queue.
    var isAhead = false

    init(_ intake: Intake, _ message: Received) {
        self.intake = intake
        self.message = message
        names = ContractNames(message.envelope)
    }

    /// Whether an earlier try may have got as far as the call: the broker delivered the message before, or it waited in a
    /// retry queue, perhaps through an outage that spent no attempt.
    var mayHaveBeenCalled: Bool {
        intake.delivery.redelivered || intake.attempt > 1 || intake.firstFailedAt != nil || wasInterrupted
    }
}
