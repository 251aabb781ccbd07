/// Why a flow cannot go on, and how it is found out that it can again.
enum PauseCause: Sendable {
    /// The called system is out of reach; it is asked by a call without effect.
    case unreachable(Failure)
    /// The called system is there and refuses every call until then.
    case noRoom(Failure, until: ContinuousClock.Instant)
    /// The ledger cannot be written; it is tried by writing to it.
    case ledger(Failure)

    var failure: Failure {
        switch self {
        case .unreachable(let failure), .noRoom(let failure, _), .ledger(let failure): failure
        }
    }

    var isLedger: Bool {
        if case .ledger = self { return true }
        return false
    }
}

/// Holds messages, and is told when it must not any more and when it may go on.
protocol PauseListener: Actor {
    /// The flow is paused for long: give back to the queue whatever has not begun.
    func giveBackHeld(_ cause: PauseCause) async
    /// The flow goes on.
    func goOn()
}
