internal import Fleet

extension FeedCursor {
    /// What is to be said of a full read that has ended with far fewer changes than the one before; nil when there is nothing.
    ///
    /// It is an early warning: only what the next full read lacks as well is withdrawn, or parked.
    func shortfall(_ limits: GuardLimits) -> String? {
        guard pass == .full, finishedAt != nil, let readBefore, readBefore - read >= Int64(limits.minimum),
            (readBefore - read) * 100 > readBefore * Int64(limits.rowsDropped)
        else { return nil }
        return "A full read has \(Count.grouped(Int(read))) changes, the one before had "
            + "\(Count.grouped(Int(readBefore))) (at most \(limits.rowsDropped) % fewer)."
    }
}
