/// Where a message stands when one try of it has ended.
enum CallEnding: Sendable {
    /// Its effect or its next place is durable: acknowledge it.
    case settled
    /// It goes to another queue, which may take as long as the broker likes: others go on meanwhile.
    case detour(Detour)
    /// Travel again after the delay, without acknowledging.
    case later(Duration, mayHaveBeenCalled: Bool)
    /// The ledger does not take it now: travel again when it does; the call may have been made.
    case blocked(Failure)
    /// It goes back to its queue.
    case returned
    /// It was given up, by a shutdown or because its delivery is not ours any more.
    case abandoned

    /// It waits in another queue, and the flow goes on.
    var isLeaving: Bool {
        if case .detour(let way) = self { way.pause == nil } else { false }
    }

    /// The way to another queue.
    struct Detour: Sendable {
        enum Way: Hashable, Sendable {
            /// Where the failure's category says.
            case byCategory
            /// Into a retry tier, without an attempt being spent.
            case giveBack(RetryTier)
        }

        var intake: Intake
        var names: ContractNames
        var failure: Failure
        var way = Way.byCategory
        /// The whole flow stands still for this reason.
        var pause: PauseCause?
        /// It was condemned on probation: its mark goes when it has its place.
        var endsProbation = false
    }
}
