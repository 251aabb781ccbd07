internal import Fleet
internal import Ledger
internal import Logging
internal import Models
internal import Synchronization

/// Looks at the broker now and then and writes down what it finds; one process does it for all.
final class BrokerWatch: CompanionService {
    /// The task's name in the ledger.
    static let task = "broker-watch"

    private let ledger: Ledger
    private let look: @Sendable () async throws -> BrokerSight
    private let logger: Logger
    private let interval: Duration
    private let ending = Mutex<(isStopping: Bool, sleeper: Task<Void, Never>?)>((false, nil))
    /// Why bindings are not seen.
    private let blindness = Mutex<String?>(nil)

    init(
        ledger: Ledger, look: @escaping @Sendable () async throws -> BrokerSight, logger: Logger,
        interval: Duration = .seconds(60)
    ) {
        self.ledger = ledger
        self.look = look
        self.logger = logger
        self.interval = interval
    }

    /// A broker that is away is what people have to hear of.
    let needsBroker = false

    func run(_ tools: CompanionTools) async {
        while !Task.isCancelled {
            await lookOnce(tools.holder)
            let isOver = ending.withLock { ending in
                guard !ending.isStopping else { return true }
                ending.sleeper = Task { [interval] in try? await Task.sleep(for: interval) }
                return false
            }
            guard !isOver else { return }
            await ending.withLock(\.sleeper)?.value
        }
    }

    /// A broker that is away is another thing, which is noticed elsewhere: then what was found before stays.
    func lookOnce(_ holder: String, now: Int64 = Timestamp.now().microseconds) async {
        do {
            let lease = interval * 3
            let isMine = try await ledger.write { transaction in
                try transaction.takeMaintenance(Self.task, holder: holder, lease: lease, now: now)
            }
            guard isMine else { return }
            let sight = try await look()
            note(sight.blindness)
            let unseen: Set<BrokerFinding.Kind> = sight.blindness == nil ? [] : [.binding]
            try await ledger.write { try $0.replaceBrokerFindings(sight.findings, unseen: unseen, now: now) }
        } catch {
            logger.debug("broker not looked at", metadata: ["reason": "\(error)"])
        }
    }

    /// Warns once of each reason.
    private func note(_ reason: String?) {
        let isNews = blindness.withLock { known in
            defer { known = reason }
            return known != reason
        }
        guard isNews else { return }
        if let reason {
            logger.warning("bindings not looked at", metadata: ["reason": "\(reason)"])
        } else {
            logger.notice("bindings are looked at again")
        }
    }

    func stop() {
        ending.withLock { ending in
            ending.isStopping = true
            ending.sleeper?.cancel()
        }
    }

    func check() async -> HealthCheck {
        let detail = blindness.withLock({ $0 }).map { "looking, but not at bindings: \($0)" } ?? "looking"
        return HealthCheck(name: "broker-watch", isUp: true, detail: detail)
    }

    func samples() async -> [String: [String]] { [:] }
}
