/// One look at everything, at a time of the virtual clock.
struct RehearsalSample: Hashable, Sendable {
    /// In seconds since the outage began.
    var time: Double
    /// Messages that wait for the ERP.
    var backlog: Int
    /// Messages that the store has sent so far.
    var sent: Int
    /// How long the oldest order has waited.
    var oldest: Double
    /// In bytes; nil on somebody else's broker.
    var brokerMemory: Int?
    /// In bytes, all orders workers together.
    var workerMemory: Int

    /// Messages that have left the queue.
    var done: Int { max(0, sent - backlog) }
}

/// The samples of a run, the oldest first.
struct RehearsalSeries: Hashable, Sendable {
    private(set) var samples: [RehearsalSample] = []
    /// When the ERP came back, on the virtual clock.
    var returnedAt: Double?
    /// When nothing waited any more.
    var drainedAt: Double?

    mutating func add(_ sample: RehearsalSample) { samples.append(sample) }

    var peak: RehearsalSample? { samples.max { $0.backlog < $1.backlog } }
    var oldest: Double { samples.map(\.oldest).max() ?? 0 }
    var last: RehearsalSample? { samples.last }

    /// Some of the samples, evenly spread, with the first, the last and the peak among them.
    func thinned(to limit: Int) -> [RehearsalSample] {
        guard samples.count > limit, limit > 2 else { return samples }
        let step = Double(samples.count - 1) / Double(limit - 1)
        var chosen = Set((0..<limit).map { Int((Double($0) * step).rounded()) })
        if let peak, let index = samples.firstIndex(of: peak) { chosen.insert(index) }
        return chosen.sorted().map { samples[$0] }
    }

    /// Messages that left the queue in a second of the virtual clock, between one sample and the next.
    static func throughput(_ samples: [RehearsalSample]) -> [(time: Double, perSecond: Double)] {
        zip(samples, samples.dropFirst()).compactMap { before, after in
            let span = after.time - before.time
            guard span > 0 else { return nil }
            return (after.time, max(0, Double(after.done - before.done) / span))
        }
    }

    /// How much the workers' memory differs from the first sample to the largest; nil without samples.
    var workerGrowth: Int? {
        guard let first = samples.first?.workerMemory, let most = samples.map(\.workerMemory).max() else { return nil }
        return most - first
    }

    var brokerPeak: Int? { samples.compactMap(\.brokerMemory).max() }
}
