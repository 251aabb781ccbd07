internal import Fleet
internal import Ledger

/// That a person wants the fleet to ask at once whether what is away is back.
struct OutageClosing: Hashable, Sendable {
    /// Nil for the only one that stands.
    var number: Int64?
    var by: String
    var reason: String
    /// In microseconds since 1970.
    var now: Int64

    /// What is to be asked for.
    struct Target: Sendable {
        /// As it was.
        var outage: Outage
        /// What had been planned, and ends with that.
        var window: MaintenanceWindow?
    }

    func text(_ target: Target) -> String {
        let outage = target.outage
        let name = OutageReport.name(of: outage.destination)
        let plan = target.window.map { "Window \($0.number), in which that was planned, ends as well.\n" } ?? ""
        return "\(name): one worker asks at once whether it is back; if none runs, the next one that starts.\n\(plan)"
            + "Outage \(outage.number) is over as soon as calls go well. If they do not, it goes on, and "
            + "`stevedore outages show \(outage.number)` says why.\n"
    }

    func json(_ target: Target) -> JSONValue {
        [
            "number": .integer(target.outage.number), "destination": .string(target.outage.destination),
            "by": .string(by), "reason": .string(reason), "endedWindow": .optional(target.window?.number),
        ]
    }

    /// What is meant among those that stand.
    /// - Parameter window: The window of the number that was named, which may have been meant.
    fileprivate func choose(_ outages: [Outage], window: MaintenanceWindow?) throws(ProgramError) -> Outage {
        let standing = outages.filter { $0.endedAt == nil }
        if let number {
            guard let outage = outages.first(where: { $0.number == number }) else {
                throw .noSuchOutage(number, window: window)
            }
            guard outage.endedAt == nil else { throw .outageIsOver(outage) }
            return outage
        }
        guard let outage = standing.first else { throw .nothingStands }
        guard standing.count == 1 else { throw .severalStand(standing) }
        return outage
    }
}

extension LedgerTransaction {
    /// Has the fleet ask, and writes down who wants it.
    func perform(_ closing: OutageClosing) throws -> OutageClosing.Target {
        let named = try closing.number.map { try [self.outage(number: $0)].compactMap(\.self) }
        let sameNumber = try closing.number.flatMap { try maintenanceWindow(number: $0) }
        let outage = try closing.choose(named ?? outages(limit: 1_000), window: sameNumber)
        let window = try maintenanceWindow(standingFor: outage.destination, at: closing.now)
        try closeOutage(number: outage.number, by: closing.by, at: closing.now)
        try record(
            OperatorAction(
                at: closing.now, by: closing.by, action: "close-outage", reason: closing.reason, letters: 0,
                detail: "outage \(outage.number) \(outage.destination)"))
        return OutageClosing.Target(outage: outage, window: window)
    }
}

extension ProgramError {
    fileprivate static var nothingStands: ProgramError {
        ProgramError(
            code: "outages.not-standing", sentence: "No outage stands: there is nothing to close.",
            remedy: "`stevedore outages list` shows those that are over, and what is planned.", exit: .failure)
    }

    fileprivate static func outageIsOver(_ outage: Outage) -> ProgramError {
        ProgramError(
            code: "outages.not-standing",
            sentence: "Outage \(outage.number) is over since \(OutageReport.time(outage.endedAt ?? outage.beganAt)).",
            remedy: "`stevedore outages list` shows which stand.", exit: .failure)
    }

    fileprivate static func severalStand(_ outages: [Outage]) -> ProgramError {
        let shown = outages.map { "\($0.number) (\(InertText.line($0.destination)))" }.joined(separator: ", ")
        return ProgramError(
            code: "outages.ambiguous", sentence: "More than one outage stands: \(shown).",
            remedy: "Say which: `stevedore outages close NUMBER --because …`.", exit: .failure)
    }
}
