internal import Fleet
internal import Ledger

/// A planned outage as a person has typed it, before it stands in the ledger.
struct WindowDraft: Hashable, Sendable {
    var destination: String
    /// In microseconds since 1970, as all times here.
    var from: Int64
    var until: Int64
    var reason: String
    var by: String
    var now: Int64

    /// A week: of what is to be away for longer, somebody should look after it meanwhile.
    static let longest: Int64 = 604_800_000_000

    /// What a window may be planned for.
    static let destinations = [FlowBacklog.erp] + SharedAbsence.Destination.allCases.map(\.rawValue)

    /// Refuses what cannot have been meant.
    func check() throws(ProgramError) {
        let (span, isAbsurd) = until.subtractingReportingOverflow(from)
        if until <= now {
            throw fault("ends in the past, at \(OutageReport.time(until))", "Name a time that is to come.")
        }
        if isAbsurd || span <= 0 {
            throw fault(
                "ends before it starts, at \(OutageReport.time(until)) and \(OutageReport.time(from))",
                "Name an end behind the start. A time such as 22:00 is the next one on this machine's clock.")
        }
        if span > Self.longest {
            throw fault("would last longer than 7 days", "Plan at most a week; another one may follow it.")
        }
    }

    private func fault(_ what: String, _ remedy: String) -> ProgramError {
        ProgramError(code: "outages.window", sentence: "The planned outage \(what).", remedy: remedy, exit: .usage)
    }

    /// Whether one of both covers the other's destination, and any moment belongs to both.
    private func overlaps(_ other: MaintenanceWindow) -> Bool {
        let isSame = other.covers(destination) || window.covers(other.destination)
        return isSame && other.cancelledAt == nil && other.startsAt < until && other.endsAt > from
    }

    fileprivate var window: MaintenanceWindow {
        MaintenanceWindow(
            destination: destination, startsAt: from, endsAt: until, reason: reason, plannedBy: by, plannedAt: now)
    }

    fileprivate func overlap(among windows: [MaintenanceWindow]) -> ProgramError? {
        windows.first { overlaps($0) }.map { other in
            ProgramError(
                code: "outages.overlap",
                sentence: "In that time an outage of \(InertText.line(other.destination)) is planned already: "
                    + InertText.line(WindowText.line(other)),
                remedy: "Cancel window \(other.number) (`stevedore outages plan --cancel \(other.number)`), or plan "
                    + "another time.",
                exit: .failure)
        }
    }
}

extension LedgerTransaction {
    /// Plans it, and writes down who does; returns it as it stands in the ledger.
    func perform(_ draft: WindowDraft) throws -> MaintenanceWindow {
        try draft.check()
        if let error = draft.overlap(among: try maintenanceWindows(limit: .max)) { throw error }
        let window = try plan(draft.window)
        try record(
            OperatorAction(
                at: draft.now, by: draft.by, action: "plan-outage", reason: draft.reason, letters: 0,
                detail: "window \(window.number) \(window.destination) \(WindowText.span(window))"))
        return window
    }

    /// Calls a planned outage off, and writes down who does. One that runs ends with that: the fleet asks at once.
    func callOff(
        _ number: Int64, by: String, because reason: String, at now: Int64
    ) throws -> MaintenanceWindow {
        guard let window = try maintenanceWindow(number: number) else {
            throw ProgramError.noSuchWindow(number, outage: try outage(number: number))
        }
        guard try cancelWindow(number: number, at: now) else { throw ProgramError.windowIsOver(window) }
        try record(
            OperatorAction(
                at: now, by: by, action: "cancel-outage", reason: reason, letters: 0,
                detail: "window \(number) \(window.destination) \(WindowText.span(window))"))
        return window
    }
}

extension ProgramError {
    /// - Parameter outage: The outage of that number, which may be meant.
    fileprivate static func noSuchWindow(_ number: Int64, outage: Outage?) -> ProgramError {
        let close = outage.map {
            "Outage \($0.number) is another thing (`stevedore outages close \($0.number) --because \"…\"`). "
        }
        return ProgramError(
            code: "outages.unknown-window", sentence: "There is no window \(number).",
            remedy: (close ?? "") + "`stevedore outages list --all` shows the windows that are known.", exit: .failure)
    }

    fileprivate static func windowIsOver(_ window: MaintenanceWindow) -> ProgramError {
        let what = window.cancelledAt == nil ? "is over" : "was cancelled already"
        return ProgramError(
            code: "outages.window-over", sentence: "Window \(window.number) \(what).",
            remedy: "`stevedore outages list` shows what is planned.", exit: .failure)
    }
}
