internal import Fleet
internal import Ledger
internal import Models

/// One look at an outage: the ledger, and where messages wait the broker.
struct OutageLook: Sendable {
    let configuration: Configuration
    /// Nil for the one that stands, else the newest.
    var number: Int64?

    /// How many looks at the broker a pace is taken from: those of the last minutes.
    private static let mostLooks = 150

    /// - Parameter earlier: The look before, at the same outage: what it counted is not counted anew.
    func read(after earlier: OutageReport? = nil) async throws(ProgramError) -> OutageReport {
        let (wanted, now) = (earlier?.outage.number ?? number, Timestamp.now().microseconds)
        let tally = earlier?.tally
        var report = try await OutagesLedger.read(configuration) { snapshot in
            try OutageReport(try snapshot.outage(meaning: wanted), snapshot, now: now, after: tally)
        }
        report.looks = Array(earlier?.looks.suffix(Self.mostLooks) ?? [])
        return report.needsBroker ? await counted(report) : report
    }

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
