internal import Fleet
internal import Ledger
internal import Logging
internal import Models
internal import Synchronization

/// Sends alerts to the people and programs that the rules name, beside the flows of an alerts-worker.
///
/// Of several processes one sends: whoever holds the lease of the task. What is to be said, to whom and under which
/// id is in the ledger before anything is sent, and what came of it right after; so nothing is lost whenever a
/// process is killed, and what arrives twice arrives under the same id.
struct Courier: CompanionService {
    /// The task's name in the ledger.
    static let task = "alerts"

    private let ledger: Ledger
    private let routes: [CourierRoute]

    /// `mail` and `webhook` are nil where the configuration has none: what is due for them waits.
    init(
        ledger: Ledger, mail: (any AlertCarrier)?, webhook: (any AlertCarrier)?,
        settings: CourierRoute.Settings = .init(), logger: Logger
    ) {
        self.ledger = ledger
        routes = AlertNotice.Channel.allCases.map { channel in
            let carrier = channel == .mail ? mail : webhook
            return CourierRoute(
                channel, by: carrier ?? MissingCarrier(channel: channel), ledger: ledger,
                settings: settings, logger: logger)
        }
    }

    /// A broker that is away is what people have to hear of.
    let needsBroker = false

    func run(_ tools: CompanionTools) async { await work(as: tools.holder) }

    /// Sends until stopped, on all channels side by side: a slow webhook holds up no mail.
    func work(as holder: String) async {
        await withDiscardingTaskGroup { group in
            for route in routes { group.addTask { await route.run(as: holder) } }
        }
        await handOver(holder)
    }

    /// Looks now for what is due, without waiting for the next second.
    func wake() { for route in routes { route.wake() } }

    func stop() { for route in routes { route.stop() } }

    /// Another process need not wait for the lease to run out.
    private func handOver(_ holder: String) async {
        _ = try? await ledger.write { transaction in
            let now = Timestamp.now().microseconds
            guard try transaction.isMaintained(Self.task, now: now) else { return false }
            return try transaction.takeMaintenance(Self.task, holder: holder, lease: .zero, now: now)
        }
    }

    /// A mail server that is away is no fault of this program, which keeps what is to be said.
    func check() async -> HealthCheck {
        guard let backlogs = await backlogs() else {
            return HealthCheck(name: "alerts", isUp: true, detail: "the ledger does not say what waits")
        }
        let stuck = backlogs.compactMap(\.trouble)
        guard stuck.isEmpty else {
            return HealthCheck(name: "alerts", isUp: true, detail: stuck.joined(separator: "; "), state: "paused")
        }
        let due = backlogs.map(\.letters).reduce(0, +)
        return HealthCheck(
            name: "alerts", isUp: true, detail: due == 0 ? "nothing waits" : "\(Count.grouped(due)) due now")
    }

    func samples() async -> [String: [String]] {
        var samples = [
            "stevedore_alerts_sent_total": routes.map { $0.sample($0.sent.load(ordering: .relaxed)) },
            "stevedore_alerts_refused_total": routes.map { $0.sample($0.refused.load(ordering: .relaxed)) },
        ]
        // Left out, not zero, while the ledger does not say.
        guard let backlogs = await backlogs() else { return samples }
        let now = Timestamp.now().microseconds
        samples["stevedore_alerts_waiting"] = backlogs.map { "{channel=\"\($0.channel.rawValue)\"} \($0.notices)" }
        samples["stevedore_alerts_oldest_age_seconds"] = backlogs.map { backlog in
            let age = backlog.oldest.map { max(now - $0, 0) } ?? 0
            return "{channel=\"\(backlog.channel.rawValue)\"} \(Double(age) / 1_000_000)"
        }
        return samples
    }

    /// Nil when the ledger cannot be read now.
    private func backlogs() async -> [CourierBacklog]? {
        try? await ledger.read { try CourierBacklog.all($0, now: Timestamp.now().microseconds) }
    }
}

extension CourierRoute {
    fileprivate func sample(_ value: Int) -> String { "{channel=\"\(channel.rawValue)\"} \(value)" }
}
