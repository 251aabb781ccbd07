/// Whether what had waited for a system when its outage ended has been worked off, and when it was.
///
/// A queue hands out its messages in their order. So it is when a message has been taken from it that was made since the
/// end, or when it is empty and what was taken from it last has had its time. What others bring meanwhile does not count:
/// a queue that is never empty is drained all the same.
struct OutageDrain: Hashable, Sendable {
    /// In microseconds since 1970, as all times here.
    var beganAt: Int64
    var endedAt: Int64
    var now: Int64

    /// When a flow's queue was drained; nil while it is not, or nobody knows.
    /// - Parameters:
    ///   - ready: How many messages wait in it; nil when the broker did not say.
    ///   - position: What the workers have taken from it last.
    func queue(ready: Int64?, _ position: FlowPosition?) -> Int64? {
        let taken = position.flatMap { beganAt <= $0.takenAt && $0.takenAt <= now ? $0 : nil }
        if let taken, taken.takenAt >= endedAt, taken.messageTime >= endedAt { return taken.takenAt }
        guard ready == 0 else { return nil }
        // Nothing has come since the outage began.
        guard let taken else { return endedAt }
        return now - taken.takenAt < ExpectationDrain.handling ? nil : max(endedAt, taken.takenAt)
    }

    /// Whether what is not finished may still be because of the outage: what is not after as long a time as that lasted, and
    /// a quarter of an hour, waits for something else.
    var isEarly: Bool { now - endedAt < (endedAt - beganAt) + ExpectationDrain.slowStart }

    /// When what waits in the ledger was worked off; nil while any of it waits.
    func posts(_ backlog: PostBacklog) -> Int64? {
        guard backlog.waiting > 0 else { return now }
        return backlog.oldest.flatMap { $0 >= endedAt ? now : nil }
    }
}
