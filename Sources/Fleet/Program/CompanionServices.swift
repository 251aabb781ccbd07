internal import Synchronization

/// The services of a process: they begin once, and end together.
final class CompanionServices: Sendable {
    private let services: [any CompanionService]
    private let tools: CompanionTools
    private let hasBegun = Mutex(false)
    /// Opens when all have ended, which they do when stopped or cancelled.
    private let ended = Latch<Void>()
    /// Opens when they may not go on any longer.
    private let abandoned = Latch<Void>()

    init(_ services: [any CompanionService], tools: CompanionTools) {
        self.services = services
        self.tools = tools
    }

    /// Whether one of them has something to do only once the broker is there.
    var needBroker: Bool { services.contains(where: \.needsBroker) }

    /// Lets them work from now on; only the first call counts.
    func begin() {
        let isFirst = hasBegun.withLock { hasBegun in
            defer { hasBegun = true }
            return !hasBegun
        }
        if isFirst { Task { await serve() } }
    }

    private func serve() async {
        let serving = Task { [services, tools] in
            await withDiscardingTaskGroup { group in
                for service in services { group.addTask { await service.run(tools) } }
            }
        }
        Task { [abandoned] in
            await abandoned.wait()
            serving.cancel()
        }
        await serving.value
        ended.open()
        abandoned.open()
    }

    /// Returns when all that have begun have ended.
    func untilEnded() async { await ended.wait() }

    /// What they have in hand they finish, as long as there is time; then they give it up. Nothing to do when they have
    /// not begun.
    func stop(until deadline: ContinuousClock.Instant) async {
        guard hasBegun.withLock(\.self) else { return }
        for service in services { service.stop() }
        let isDone = await withDeadline(max(deadline - .now, .zero)) { [ended] in await ended.wait() }
        guard !isDone else { return }
        abandoned.open()
        await withDeadline(.seconds(1)) { [ended] in await ended.wait() }
    }

    /// What the health page says of each.
    func checks() async -> [HealthCheck] {
        var checks: [HealthCheck] = []
        for service in services { checks.append(await service.check()) }
        return checks
    }

    /// What the metrics page says of each.
    func samples() async -> [[String: [String]]] {
        var samples: [[String: [String]]] = []
        for service in services { samples.append(await service.samples()) }
        return samples
    }
}
