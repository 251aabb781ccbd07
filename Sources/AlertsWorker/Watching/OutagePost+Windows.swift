internal import Fleet
internal import Ledger
internal import Models

// Planned windows, and the time after an outage.
extension OutagePost {
    /// Nil in a planned window. What is away after one is so since its end, as far as people have to know.
    static func unplanned(_ absence: Absence, _ snapshot: LedgerSnapshot, _ now: Int64) throws -> Absence? {
        let destination = absence.destination
        guard try snapshot.maintenanceWindow(standingFor: destination, at: now) == nil else { return nil }
        var absence = absence
        let end = try snapshot.maintenanceEnd(of: destination, since: absence.since, at: now)
        absence.since = max(absence.since, end ?? absence.since)
        return absence
    }

    /// The window for which nothing is raised about a place, though it is away; nil when it is not, or is so for another
    /// reason as well.
    func plan(for place: String, _ snapshot: LedgerSnapshot, _ now: Int64) throws -> MaintenanceWindow? {
        let windows = try all(snapshot, now).filter { $0.of == place }.map { absence in
            try snapshot.maintenanceWindow(standingFor: absence.destination, at: now)
        }
        return windows.contains(nil) ? nil : windows.compactMap(\.self).max { $0.endsAt < $1.endsAt }
    }

    /// Places that are back of which people know that they were away, while what waited for them is being worked off. Nobody
    /// need be called any more, and nobody is told before that is done.
    /// - Parameter away: Places that are not back.
    func draining(
        _ snapshot: LedgerSnapshot, besides away: Set<String>, _ now: Int64
    ) throws -> [Finding] {
        guard try !snapshot.openSaidKeys(prefix: prefix).isEmpty else { return [] }
        let seen = Set(try OutageMemory(snapshot, now: now).places)
        let outages = Dictionary(grouping: try snapshot.unsettledOutages(at: now)) { OutagePlace.of($0.destination) }
        return try outages.sorted { $0.key < $1.key }.compactMap { place, outages -> Finding? in
            guard !away.contains(place), !seen.contains(place), try plan(for: place, snapshot, now) == nil,
                let said = try snapshot.saidAlert(key: Self.key(of: place))?.alert, said.state == .open
            else { return nil }
            let since = said.raisedAt.microseconds
            let drained = outages.filter { outage in
                guard let endedAt = outage.endedAt else { return false }
                return endedAt >= since && now &- endedAt < OutageEnding.patience
            }
            return drained.max { ($0.endedAt ?? 0) < ($1.endedAt ?? 0) }.map { Self.back(place, $0, since) }
        }
    }

    private static func back(_ place: String, _ outage: Outage, _ since: Int64) -> Finding {
        let time = outage.endedAt.map { " since \(OutageReport.time($0))" } ?? ""
        return Finding(
            key: key(of: place), kind: .outage, severity: .critical, code: "outage.\(place)",
            sentence: "\(OutagePlace.name(place)) answers again\(time), and what waited for it is being worked off. "
                + "How it went is told when that is done.",
            remedy: "Nothing to do: this ends by itself.", commands: ["stevedore outages show \(outage.number)"],
            since: since, last: since, owner: "the fleet")
    }

    /// Writes down of which outages people have been told how they ended.
    func noteTold(in transaction: LedgerTransaction, _ now: Int64) throws {
        for outage in try transaction.outages(limit: 20) where outage.toldAt == nil {
            guard let endedAt = outage.endedAt,
                let said = try transaction.saidAlert(key: Self.key(of: OutagePlace.of(outage.destination)))?.alert,
                said.state == .resolved, let resolvedAt = said.resolvedAt?.microseconds,
                said.raisedAt.microseconds <= endedAt, endedAt <= resolvedAt
            else { continue }
            try transaction.noteTold(outage.number, at: now)
        }
    }
}
