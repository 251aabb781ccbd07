/// A corrected message as it stands in the outbox, where this process publishes it itself.
struct CorrectionRows: Hashable, Sendable {
    /// A copy for a queue that only looks on.
    struct Copy: Hashable, Sendable {
        /// Its number in the outbox, where it waits behind the message for the flow.
        var sequence: Int64
        /// Where it goes.
        var queue: String
    }

    /// The number of the message for the flow, which nobody else publishes for now.
    var flow: Int64
    /// Those for queues that have not noted the object at this revision.
    var copies: [Copy] = []

    /// All numbers, in the order in which they are published.
    var sequences: [Int64] { [flow] + copies.map(\.sequence) }
}
