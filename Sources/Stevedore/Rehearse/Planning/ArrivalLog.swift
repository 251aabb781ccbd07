/// When orders came, on the virtual clock, so that the oldest one that waits has an age. Remembers batches, not orders.
struct ArrivalLog: Hashable, Sendable {
    private var counts: [Int] = []
    private var times: [Double] = []

    var total: Int { counts.last ?? 0 }

    /// So many more came at that time.
    mutating func add(_ count: Int, at time: Double) {
        guard count > 0 else { return }
        counts.append(total + count)
        times.append(time)
    }

    /// How long the oldest has waited when the newest `waiting` have not been worked off.
    func oldestAge(waiting: Int, at now: Double) -> Double {
        guard waiting > 0, total > 0 else { return 0 }
        let gone = max(0, total - waiting)
        var (low, high) = (0, counts.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if counts[middle] > gone { high = middle } else { low = middle + 1 }
        }
        return max(0, now - times[low])
    }
}
