internal import Ledger

/// Why a destination is not called now, as the ledger has it.
struct Absence: Hashable, Sendable {
    /// The outage that stands.
    var outage: Outage?
    /// The planned window that does.
    var window: MaintenanceWindow?

    /// Whether the window has begun, and nobody has written yet that it keeps the fleet from asking.
    var isUnmet: Bool {
        guard let window else { return false }
        return outage.map { !$0.isHalted(until: window.endsAt) } ?? true
    }
}

extension LedgerSnapshot {
    func absence(of destination: String, at now: Int64) throws -> Absence {
        Absence(
            outage: try standingOutage(of: destination),
            window: try maintenanceWindow(standingFor: destination, at: now))
    }
}

extension LedgerTransaction {
    /// A window that has begun keeps everybody from asking: about the outage that stands, or about one of its own.
    func meetWindow(of destination: String, at now: Int64) throws -> (absence: Absence, isNew: Bool) {
        var absence = try self.absence(of: destination, at: now)
        guard let window = absence.window, absence.isUnmet else { return (absence, false) }
        let isNew = absence.outage == nil
        var outage = try absence.outage ?? plannedOutage(of: destination, in: window, at: now)
        outage.halt(until: window.endsAt)
        try save(outage)
        absence.outage = outage
        return (absence, isNew)
    }

    /// It begins with the window, but not before that was planned, nor before the last outage has ended.
    private func plannedOutage(
        of destination: String, in window: MaintenanceWindow, at now: Int64
    ) throws -> Outage {
        let last = try lastOutage(of: destination)?.endedAt ?? 0
        let start = min(max(window.startsAt, window.plannedAt, last), now)
        var outage = Outage(of: destination, in: window, at: start)
        outage.number = try nextOutageNumber()
        return outage
    }
}
