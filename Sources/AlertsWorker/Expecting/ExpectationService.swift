internal import Fleet
internal import Ledger
internal import Logging
internal import Synchronization

/// Looks again and again whether what has to happen does, beside a worker's flows.
final class ExpectationService: CompanionService {
    private let watch: ExpectationWatch
    private let queues: QueueLook?
    private let logger: Logger
    private let interval: Duration
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        var failure: String?
        var missed: [String: Int] = [:]
        var lookedAt: SuspendingClock.Instant?
    }

    /// - Parameter queues: Sees what nobody takes; without it, queues are not looked at.
    init(
        _ watch: ExpectationWatch, queues: QueueLook? = nil, logger: Logger, interval: Duration = .seconds(5)
    ) {
        self.watch = watch
        self.queues = queues
        self.logger = logger
        self.interval = interval
    }

    /// A broker that is away is what people have to hear of.
    let needsBroker = false

    func run(_ tools: CompanionTools) async {
        while !state.withLock({ $0.isStopping }), !Task.isCancelled {
            await look(tools)
            try? await Task.sleep(for: interval)
        }
        await queues?.close()
    }

    private func look(_ tools: CompanionTools) async {
        var watch = watch
        watch.brokerAbsence = { now in
            tools.isBrokerThere() ? nil : ExpectationClock.Stop(since: now, reason: "The broker is out of reach.")
        }
        if let queues { watch.queueLook = { queue in await queues.count(in: queue) } }
        // It stands still while the machine is suspended, and nobody sets it.
        let now = SuspendingClock.now
        let elapsed = state.withLock { state in
            defer { state.lookedAt = now }
            return state.lookedAt.map { now - $0 }
        }
        do {
            let findings = try await watch.look(tools.holder, elapsed: elapsed)
            note(findings?.missed ?? [:])
        } catch {
            guard !Task.isCancelled else { return }
            let isNews = state.withLock { state in
                defer { state.failure = "\(error)" }
                return state.failure != "\(error)"
            }
            if isNews { logger.warning("expectations not watched", metadata: ["reason": "\(error)"]) }
        }
    }

    private func note(_ missed: [String: Int]) {
        state.withLock { state in
            state.failure = nil
            state.missed.merge(missed, uniquingKeysWith: +)
        }
        for (name, count) in missed.sorted(by: { $0.key < $1.key }) {
            logger.warning(
                "expectation missed",
                metadata: [
                    "expectation": "\(name)", "count": "\(count)", "remedy": "See `stevedore expectations`.",
                ])
        }
    }

    func stop() { state.withLock { $0.isStopping = true } }

    func check() async -> HealthCheck {
        let failure = state.withLock(\.failure)
        let count = watch.expectations.count
        let detail = count == 0 ? "nothing is declared" : "watching \(Count.text(count, "expectation"))"
        return HealthCheck(name: "expectations", isUp: failure == nil, detail: failure ?? detail)
    }

    /// Names are of letters, digits and hyphens.
    func samples() async -> [String: [String]] {
        let missed = state.withLock(\.missed)
        let open = try? await watch.ledger.read { snapshot in
            try snapshot.missedExpectations().reduce(into: [String: Int64]()) { $0[$1.name] = $1.count }
        }
        let names = watch.expectations.map(\.name)
        var samples = [
            "stevedore_expectations_missed_total": names.map { "{expectation=\"\($0)\"} \(missed[$0] ?? 0)" }
        ]
        // Left out, not zero, while the ledger does not say.
        if let open {
            samples["stevedore_expectations_open"] = names.map { "{expectation=\"\($0)\"} \(open[$0] ?? 0)" }
        }
        return samples
    }
}
