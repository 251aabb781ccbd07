package import Ledger
internal import Models

// What else the ledger knows of an outage.
extension LedgerSnapshot {
    /// Whether an outage that is over is settled: all that had waited for it is known to be worked off, or a later outage
    /// of the same destination has begun, so that nothing waits because of this one any more. By the ledger alone, so that
    /// whoever looks says the same. False of one that lasts.
    ///
    /// Of an outage of which nobody has noted what waited, nothing is said to be left after an hour.
    package func isSettled(_ outage: Outage, at now: Int64) throws -> Bool {
        guard let endedAt = outage.endedAt else { return false }
        if try outage.drainedAt != nil || hasLaterOutage(than: outage) { return true }
        guard let last = BacklogReading.series(try samples(of: outage.number)).last else {
            return now &- endedAt > Self.unwatched
        }
        return last.waiting == 0
    }

    /// In microseconds.
    private static var unwatched: Int64 { 3_600_000_000 }

    func hasLaterOutage(than outage: Outage) throws -> Bool {
        try first(
            "SELECT 1 FROM outage WHERE number > ? AND destination = ? LIMIT 1", .integer(outage.number),
            .text(outage.destination)
        ) { $0.integer(0) } != nil
    }

    /// The newest of the same destination that were before it, the last first.
    func earlierOutages(than outage: Outage) throws -> [Outage] {
        try outages(limit: 200).filter { $0.destination == outage.destination && $0.number < outage.number }
    }

    /// How fast the backlog shrank after the newest of some outages that was watched.
    func drainPace(after outages: [Outage]) throws -> DrainPace? {
        for other in outages.prefix(5) {
            guard let endedAt = other.endedAt else { continue }
            let readings = BacklogReading.series(try samples(of: other.number)).filter { $0.at >= endedAt }
            guard let perSecond = readings.drain.pace, perSecond > 0 else { continue }
            return DrainPace(perSecond: perSecond, basis: .outage(other.number))
        }
        return nil
    }

    /// How many subjects of each flow a worker has in hand: it has claimed them, and that holds. Those of flows whose
    /// messages are for the ERP; looks at every subject of them.
    func messagesInHand(of flows: [String], at now: Int64) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for flow in flows {
            let families = Set(Catalogue.types.filter { $0.queue == flow }.map(\.family)).sorted()
            let marks = families.map { _ in "?" }.joined(separator: ", ")
            let rows = try query(
                text: """
                    SELECT count(*) FROM subject_state
                    WHERE family IN (\(marks)) AND lease_holder IS NOT NULL AND lease_until > ?
                    """, families.map { SQLValue.text($0) } + [.integer(now)]
            ) { Int($0.integer(0)) }
            counts[flow] = rows.first ?? 0
        }
        return counts
    }
}
