/// How fast something goes, from counts at times: between the moment when a fifth was done and the moment when all was, so that
/// neither the slow beginning nor the wait for the last look counts.
struct RateMeter: Sendable {
    private var counts: [(count: Int, time: Double)] = []

    /// The count never falls.
    mutating func add(_ count: Int, at time: Double) {
        // Only when it grew: standing still at the end is no part of it.
        if let last = counts.last, last.count == count { return }
        counts.append((count, time))
    }

    /// In a second; nil while nothing can be said.
    var perSecond: Double? {
        guard let last = counts.last, let first = counts.first(where: { $0.count * 5 >= last.count }),
            last.time > first.time, last.count > first.count
        else { return nil }
        return Double(last.count - first.count) / (last.time - first.time)
    }
}
