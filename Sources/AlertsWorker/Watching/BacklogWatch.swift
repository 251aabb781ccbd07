internal import Fleet
internal import Ledger
internal import Logging
internal import Models
internal import Synchronization

/// Notes how much waits for a system while that is away, and after its return until all is worked off: what a report of
/// the outage shows, and when people are told that it is over. One process does it for all.
///
/// The broker is asked for the length of a queue, over one connection that is kept, and only in that time: the looks at the
/// whole topology (``BrokerWatch``) are too rare for it.
final class BacklogWatch: CompanionService {
    /// The task's name in the ledger.
    static let task = "backlog-watch"

    private let ledger: Ledger
    private let count: @Sendable (String) async -> Int?
    private let rest: @Sendable () async -> Void
    private let logger: Logger
    private let interval: Duration
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        /// How many outages are watched.
        var watched = 0
        var failure: String?
    }

    /// - Parameters:
    ///   - count: How many messages wait in a queue; nil when the broker does not say.
    ///   - rest: Nothing is to be asked for a time.
    init(
        ledger: Ledger, count: @escaping @Sendable (String) async -> Int?, rest: @escaping @Sendable () async -> Void,
        logger: Logger, interval: Duration = .seconds(2)
    ) {
        self.ledger = ledger
        self.count = count
        self.rest = rest
        self.logger = logger
        self.interval = interval
    }

    convenience init(ledger: Ledger, queues: QueueLook, logger: Logger) {
        self.init(
            ledger: ledger, count: { await queues.count(in: $0) }, rest: { await queues.close() }, logger: logger)
    }

    /// A broker that is away is asked later.
    let needsBroker = false

    func run(_ tools: CompanionTools) async {
        while !state.withLock({ $0.isStopping }), !Task.isCancelled {
            await lookOnce(tools.holder)
            try? await Task.sleep(for: interval)
        }
        await rest()
    }

    func lookOnce(_ holder: String, now: Int64 = Timestamp.now().microseconds) async {
        do {
            let (watched, due) = try await ledger.read { snapshot in
                let outages = try snapshot.unsettledOutages(at: now)
                return (outages.count, try outages.filter { try snapshot.isSampleDue(of: $0, at: now) })
            }
            await note(watched)
            guard !due.isEmpty, try await isMine(holder, now) else { return state.withLock { $0.failure = nil } }
            var counts: [Int64: Counts] = [:]
            for outage in due { counts[outage.number] = await self.counts(for: outage) }
            try await ledger.write { [counts] transaction in
                for (number, counts) in counts {
                    try transaction.noteBacklog(
                        of: number, ready: counts.ready, retrying: counts.retrying, at: now)
                }
            }
            state.withLock { $0.failure = nil }
        } catch {
            note(error)
        }
    }

    private func isMine(_ holder: String, _ now: Int64) async throws -> Bool {
        try await ledger.write { transaction in
            try transaction.takeMaintenance(Self.task, holder: holder, lease: .seconds(90), now: now)
        }
    }

    /// Without the queues of which the broker does not say anything.
    private func counts(for outage: Outage) async -> Counts {
        var counts = Counts()
        for flow in FlowBacklog.flows(to: outage.destination) {
            counts.ready[flow] = await count(flow)
            for tier in FlowBacklog.tiers(of: flow) { counts.retrying[flow, default: 0] += await count(tier) ?? 0 }
        }
        return counts
    }

    /// What waits in each flow's queue, and in its retry tiers.
    private struct Counts: Sendable {
        var ready: [String: Int] = [:]
        var retrying: [String: Int] = [:]
    }

    private func note(_ watched: Int) async {
        let isOver = state.withLock { state in
            defer { state.watched = watched }
            return watched == 0 && state.watched > 0
        }
        if isOver { await rest() }
    }

    /// Warns once of each reason.
    private func note(_ error: any Error) {
        guard !Task.isCancelled else { return }
        let isNews = state.withLock { state in
            defer { state.failure = "\(error)" }
            return state.failure != "\(error)"
        }
        if isNews { logger.warning("backlog not noted", metadata: ["reason": "\(error)"]) }
    }

    func stop() { state.withLock { $0.isStopping = true } }

    func check() async -> HealthCheck {
        let (watched, failure) = state.withLock { ($0.watched, $0.failure) }
        let detail = watched == 0 ? "no outage" : "watching \(Count.text(watched, "outage"))"
        return HealthCheck(name: "backlog", isUp: failure == nil, detail: failure ?? detail)
    }

    func samples() async -> [String: [String]] { [:] }
}
