internal import Fleet
internal import Ledger
internal import Models

/// One look at an outage: the ledger, and where messages wait the broker.
struct OutageLook: Sendable {
    let configuration: Configuration
    /// Nil for what stands, else what was over last; of that the ERP's own first.
    var number: Int64?

    /// What was seen.
    struct Sight: Sendable {
        var report: OutageReport
        /// What else has to be known where no number was said. Whole lines for a terminal.
        var notes: [String] = []
    }

    /// How many looks at the broker a pace is taken from: those of the last minutes.
    private static let mostLooks = 150

    /// - Parameter earlier: The look before, at the same outage: what it counted is not counted anew.
    func read(after earlier: OutageReport? = nil) async throws(ProgramError) -> Sight {
        let (wanted, now) = (earlier?.outage.number ?? number, Timestamp.now().microseconds)
        let (tally, isChosen) = (earlier?.tally, number != nil)
        var sight = try await OutagesLedger.read(configuration) { snapshot -> Sight in
            let outage = try snapshot.outage(shownFor: wanted, at: now)
            let report = try OutageReport(outage, snapshot, now: now, after: tally)
            let notes = try isChosen ? [] : snapshot.notes(beside: outage, at: now)
            return Sight(report: report, notes: notes)
        }
        sight.report.looks = Array(earlier?.looks.suffix(Self.mostLooks) ?? [])
        if sight.report.needsBroker { sight.report = await counted(sight.report) }
        return sight
    }

    /// `2 (erp.changes)`.
    static func name(_ outage: Outage) -> String { "\(outage.number) (\(InertText.line(outage.destination)))" }

    /// An answer from the ledger is worth having without the broker.
    private func counted(_ report: OutageReport) async -> OutageReport {
        let queues = Set(report.flows.flatMap { FlowBacklog.queues(of: $0) })
        switch await QueueLook(configuration: configuration).look(at: queues) {
        case .asked(let counts):
            let totals = await totals()
            let backlog = report.flows.map { flow in
                var backlog = FlowBacklog(flow: flow) { queue in
                    counts[queue].map { (ready: $0.ready, workers: $0.workers) }
                }
                if let total = totals[flow] { backlog.inHand = max(0, total - (backlog.ready ?? 0)) }
                return backlog
            }
            return report.counted(backlog, at: Timestamp.now().microseconds)
        case .notAsked(let reason):
            var report = report
            report.brokerTrouble = reason
            return report
        }
    }

    /// All that each queue has, with what is in hand, which only the management plugin counts; none where it is not set, or
    /// does not answer: then what the ledger knows is all.
    private func totals() async -> [String: Int] {
        do throws(ProgramError) {
            guard let plugin = try ManagementAPI(configuration, address: nil) else { return [:] }
            return try await plugin.queueTotals()
        } catch {
            return [:]
        }
    }
}

// MARK: - Which one

extension LedgerSnapshot {
    /// The outage that is shown: that of the number, else of those that stand, or were over last, the ERP's own or the
    /// newest.
    func outage(shownFor number: Int64?, at now: Int64) throws -> Outage {
        if let number { return try outage(meaning: number) }
        let foremost = try foremostOutages()
        guard let outage = foremost.first(where: { $0.destination == FlowBacklog.erp }) ?? foremost.first else {
            throw ProgramError.noneToShow(try unmetWindows(at: now))
        }
        return outage
    }

    /// What a person who named no number may not have thought of: other outages, and windows that run.
    func notes(beside outage: Outage, at now: Int64) throws -> [String] {
        let others = try foremostOutages().filter { $0.number != outage.number }.map { other -> String in
            let state = other.endedAt == nil ? "stands too" : "was over within a minute of it"
            return "Outage \(OutageLook.name(other)) \(state): `stevedore outages show \(other.number)`."
        }
        let windows = try unmetWindows(at: now)
        return others + windows.map { "Besides, \(WindowText.unmet([$0])). \(WindowText.callingOff([$0]))" }
    }

    /// Windows that run, and of which no worker has made an outage.
    func unmetWindows(at now: Int64) throws -> [MaintenanceWindow] {
        let standing = try outages(limit: 1_000).filter { $0.endedAt == nil }
        return try maintenanceWindows(limit: 1_000).filter { window in
            window.stands(at: now) && !standing.contains { window.covers($0.destination) }
        }
    }

    /// Those that stand, the newest first; where none does, the last one and those that were over within a minute of
    /// it.
    private func foremostOutages() throws -> [Outage] {
        let newest = try outages(limit: 1_000)
        let standing = newest.filter { $0.endedAt == nil }
        guard standing.isEmpty, let end = newest.first?.endedAt else { return standing }
        return newest.filter { (($0.endedAt ?? end) &- end).magnitude <= 60_000_000 }
    }
}

extension ProgramError {
    /// - Parameter windows: Those that run.
    fileprivate static func noneToShow(_ windows: [MaintenanceWindow]) -> ProgramError {
        let reason = windows.isEmpty ? "no worker has noted that anything was away" : WindowText.unmet(windows)
        return ProgramError(
            code: "outages.none", sentence: "There has been no outage: \(reason).",
            remedy: windows.isEmpty
                ? "`stevedore outages plan` declares one ahead." : WindowText.callingOff(windows),
            exit: .failure)
    }
}
