internal import Fleet
internal import Ledger

/// That a person wants the fleet to ask at once whether what is away is back.
struct OutageClosing: Hashable, Sendable {
    /// Nil for what stands, where that belongs together.
    var number: Int64?
    var by: String
    var reason: String
    /// In microseconds since 1970.
    var now: Int64

    /// What is to be asked for.
    struct Target: Sendable {
        /// As it was; of several the one that the others belong to.
        var outage: Outage
        /// What stands in the same window.
        var others: [Outage] = []
        /// What had been planned, and ends with that.
        var window: MaintenanceWindow?
    }

    func text(_ target: Target) -> String {
        let outage = target.outage
        let name = OutageReport.name(of: outage.destination)
        let plan = target.window.map { "Window \($0.number), in which that was planned, ends as well.\n" } ?? ""
        let also = target.others.map { "The same is done for outage \(OutageLook.name($0)).\n" }.joined()
        return "\(name): one worker asks at once whether it is back; if none runs, the next one that starts.\n\(plan)"
            + "\(also)Outage \(outage.number) is over as soon as calls go well. If they do not, it goes on, and "
            + "`stevedore outages show \(outage.number)` says why.\n"
    }

    func json(_ target: Target) -> JSONValue {
        [
            "number": .integer(target.outage.number), "destination": .string(target.outage.destination),
            "by": .string(by), "reason": .string(reason), "endedWindow": .optional(target.window?.number),
            "others": .array(target.others.map { .integer($0.number) }),
        ]
    }
}

extension LedgerTransaction {
    /// Has the fleet ask, and writes down who wants it.
    func perform(_ closing: OutageClosing) throws -> OutageClosing.Target {
        let chosen: [Outage]
        if let number = closing.number {
            chosen = [try standingOutage(number: number)]
        } else {
            chosen = try whatStandsTogether(at: closing.now)
        }
        guard let outage = chosen.first else { throw ProgramError.nothingStands(try unmetWindows(at: closing.now)) }
        let window = try maintenanceWindow(standingFor: outage.destination, at: closing.now)
        for outage in chosen { try close(outage, closing) }
        return OutageClosing.Target(outage: outage, others: Array(chosen.dropFirst()), window: window)
    }

    private func close(_ outage: Outage, _ closing: OutageClosing) throws {
        try closeOutage(number: outage.number, by: closing.by, at: closing.now)
        try record(
            OperatorAction(
                at: closing.now, by: closing.by, action: "close-outage", reason: closing.reason, letters: 0,
                detail: "outage \(outage.number) \(outage.destination)"))
    }

    private func standingOutage(number: Int64) throws -> Outage {
        guard let outage = try outage(number: number) else {
            // The window of that number may have been meant.
            throw ProgramError.noSuchOutage(number, window: try maintenanceWindow(number: number))
        }
        guard outage.endedAt == nil else { throw ProgramError.outageIsOver(outage) }
        return outage
    }

    /// What stands, as far as it belongs together: all of it where one window covers it, for it ends with that window;
    /// else the one with which the names of all others begin. None where nothing stands.
    private func whatStandsTogether(at now: Int64) throws -> [Outage] {
        let standing = try outages(limit: 1_000).filter { $0.endedAt == nil }
        guard standing.count > 1 else { return standing }
        let head = standing.first { head in
            standing.allSatisfy { $0.number == head.number || $0.destination.hasPrefix("\(head.destination).") }
        }
        let isOneWindow = try maintenanceWindows(limit: 1_000).contains { window in
            window.stands(at: now) && standing.allSatisfy { window.covers($0.destination) }
        }
        guard isOneWindow || head != nil else { throw ProgramError.severalStand(standing) }
        let others = isOneWindow ? standing.filter { $0.number != head?.number } : []
        return [head].compactMap(\.self) + others
    }
}

extension ProgramError {
    /// - Parameter windows: Those that run, and of which no worker has made an outage.
    fileprivate static func nothingStands(_ windows: [MaintenanceWindow]) -> ProgramError {
        let reason = windows.isEmpty ? "there is nothing to close" : WindowText.unmet(windows)
        return ProgramError(
            code: "outages.not-standing", sentence: "No outage stands: \(reason).",
            remedy: windows.isEmpty
                ? "`stevedore outages list` shows those that are over, and what is planned."
                : WindowText.callingOff(windows),
            exit: .failure)
    }

    fileprivate static func outageIsOver(_ outage: Outage) -> ProgramError {
        ProgramError(
            code: "outages.not-standing",
            sentence: "Outage \(outage.number) is over since \(OutageReport.time(outage.endedAt ?? outage.beganAt)).",
            remedy: "`stevedore outages list` shows which stand.", exit: .failure)
    }

    fileprivate static func severalStand(_ outages: [Outage]) -> ProgramError {
        let shown = outages.map { OutageLook.name($0) }.joined(separator: ", ")
        return ProgramError(
            code: "outages.ambiguous", sentence: "More than one outage stands: \(shown).",
            remedy: "Say which: `stevedore outages close NUMBER --because \"…\"`.", exit: .failure)
    }
}
