internal import Fleet
internal import Ledger
internal import Logging
internal import Synchronization

/// Runs the watch beside a worker's flows.
final class WatchService: CompanionService {
    private let watchman: Watchman
    private let logger: Logger
    private let interval: Duration
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        var failure: String?
        var said = 0
    }

    init(_ watchman: Watchman, logger: Logger, interval: Duration = .seconds(2)) {
        self.watchman = watchman
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
    }

    private func look(_ tools: CompanionTools) async {
        let round = await watchman.lookAround()
        state.withLock { $0.said += round.said }
        if round.said > 0 { tools.wakeOutbox() }
        guard !Task.isCancelled else { return }
        let failure = round.failure.map { "\($0)" }
        let isNews = state.withLock { state in
            defer { state.failure = failure }
            return failure != nil && state.failure != failure
        }
        if isNews, let failure { logger.warning("not watched", metadata: ["reason": "\(failure)"]) }
    }

    func stop() { state.withLock { $0.isStopping = true } }

    func check() async -> HealthCheck {
        let failure = state.withLock(\.failure)
        return HealthCheck(name: "watch", isUp: failure == nil, detail: failure ?? "watching")
    }

    func samples() async -> [String: [String]] {
        ["stevedore_alerts_raised_total": [" \(state.withLock(\.said))"]]
    }
}
