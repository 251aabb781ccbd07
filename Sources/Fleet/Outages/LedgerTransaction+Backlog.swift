package import Ledger

extension LedgerSnapshot {
    /// Whether it is time to note how much waits for the system of an outage that lasts, or of which what waited is still
    /// being worked off (``unsettledOutages(at:)``).
    package func isSampleDue(of outage: Outage, at now: Int64) throws -> Bool {
        let start = outage.endedAt ?? outage.beganAt
        return SampleSpacing.isDue(after: try lastSample(of: outage.number), since: start, at: now)
    }
}

extension LedgerTransaction {
    /// Notes how much waits for a system that is away, or was, and that all is worked off when it is.
    /// - Parameters:
    ///   - number: The outage's.
    ///   - ready: How many messages wait in each of its flows' queues; without those of which the broker did not say.
    ///   - retrying: How many wait in their retry tiers.
    package func noteBacklog(
        of number: Int64, ready: [String: Int], retrying: [String: Int] = [:], at now: Int64
    ) throws {
        // It may have ended, or begun anew, since the broker was asked.
        guard var outage = try self.outage(number: number), outage.drainedAt == nil else { return }
        let posts = try postBacklog(of: outage.destination, now: now)
        var waiting = ready.mapValues { Int64($0) }
        let flow = Self.followedFlow
        if let count = waiting[flow] {
            // What workers hold waits as well.
            waiting[flow] = max(count, Int64(try unfinishedOrders() - (retrying[flow] ?? 0)))
        }
        if let posts { waiting[outage.destination] = Int64(posts.waiting) }
        for (queue, count) in waiting {
            try record(OutageSample(outage: number, at: now, queue: queue, ready: count))
        }
        try thin(samplesOf: outage, at: now)
        guard let endedAt = outage.endedAt, endedAt <= now else { return }
        let drain = OutageDrain(beganAt: outage.beganAt, endedAt: endedAt, now: now)
        outage.drainedAt = try drainedAt(drain, outage.destination, ready, posts)
        if ready[flow] != nil { outage.drainedAt = try finishedAt(drain, outage.drainedAt, retrying[flow] ?? 0) }
        if outage.drainedAt != nil { try save(outage) }
    }

    /// When all that had waited was worked off; nil while any of it waits, or nobody knows.
    private func drainedAt(
        _ drain: OutageDrain, _ destination: String, _ ready: [String: Int], _ posts: PostBacklog?
    ) throws -> Int64? {
        let positions = try FlowPosition.all(self)
        var ends = FlowBacklog.flows(to: destination).map { flow in
            drain.queue(ready: ready[flow].map { Int64($0) }, positions.first { $0.queue == flow })
        }
        if let posts { ends.append(drain.posts(posts)) }
        guard !ends.contains(nil) else { return nil }
        return ends.compactMap(\.self).max() ?? drain.endedAt
    }

    /// The same with what was taken and is not answered: a message has left its queue long before it is worked off.
    private func finishedAt(_ drain: OutageDrain, _ taken: Int64?, _ retrying: Int) throws -> Int64? {
        guard let taken else { return nil }
        let finish = try lastFinish(of: FlowBacklog.types(of: [Self.followedFlow]), since: drain.endedAt)
        let open = try unfinishedOrders(notedBy: drain.endedAt) - retrying
        if open > 0, let finish, drain.now - finish < ExpectationDrain.handling, drain.isEarly { return nil }
        return max(taken, finish ?? taken)
    }

    private func thin(samplesOf outage: Outage, at now: Int64) throws {
        let end = outage.endedAt ?? now
        for samples in Dictionary(grouping: try samples(of: outage.number), by: \.queue).values {
            let (during, after) = (samples.filter { $0.at < end }, samples.filter { $0.at >= end })
            let surplus =
                SampleSpacing.surplus(of: during, from: outage.beganAt, to: end, at: now)
                + SampleSpacing.surplus(of: after, from: end, to: now, at: now)
            for sample in surplus { try remove(sample) }
        }
    }

    /// Notes that people were told how an outage ended.
    package func noteTold(_ number: Int64, at now: Int64) throws {
        try execute("UPDATE outage SET told_at = ? WHERE number = ?", .integer(now), .integer(number))
    }
}
