internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// Sends again what a queue has lost, or has never had: its binding was gone, or somebody emptied it.
///
/// A flow that only looks on has a copy of each of its messages. What is noted there, and of which the flow that handles
/// it shows no trace although its queue is empty, goes to that queue by the way of replays. It may be there twice then,
/// which the claim makes harmless.
struct Lookout: Sendable {
    /// The task's name in the ledger: one process does it for all.
    static let task = "lookout"

    let ledger: Ledger
    let holder: String
    let outboxWake: WakeSignal
    let logger: Logger
    /// Whether nothing waits in a queue.
    let isEmpty: @Sendable (_ queue: String) async throws -> Bool
    /// How long a message may be on its way to a worker whose queue is empty.
    var patience: Duration = .seconds(900)
    var rest: Duration = .seconds(60)
    private let largestStep = 500

    /// Runs until cancelled.
    func run() async {
        while (try? await Task.sleep(for: rest * Double.random(in: 0.5...1))) != nil {
            do {
                try await look()
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("not looked for lost messages", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Looks once; returns how many messages were sent again.
    @discardableResult
    func look() async throws -> Int {
        let now = Timestamp.now().microseconds
        let isMine = try await ledger.write { [holder, rest] transaction in
            try transaction.takeMaintenance(Self.task, holder: holder, lease: rest * 2, now: now)
        }
        guard isMine else { return 0 }
        let (handled, waiting) = try await due(at: now)
        let lost = try await lost(of: waiting)
        guard !handled.isEmpty || !lost.isEmpty else { return 0 }
        let sent = try await ledger.write { [holder] transaction in
            for one in handled { try transaction.forget(one) }
            return try lost.map { try transaction.sendAgain($0, by: holder, now: now) }
        }
        for (one, isSent) in zip(lost, sent) { isSent ? report(one) : reportGone(one) }
        if sent.contains(true) { outboxWake.set() }
        return sent.count { $0 }
    }

    private func due(at now: Int64) async throws -> (handled: [Observation], waiting: [Observation]) {
        try await ledger.read { [patience, largestStep] snapshot in
            var (handled, waiting): ([Observation], [Observation]) = ([], [])
            let end = now - Int64(patience / .microseconds(1))
            for one in try snapshot.observations(until: end, limit: largestStep) {
                if try snapshot.isHandled(one) { handled.append(one) } else { waiting.append(one) }
            }
            return (handled, waiting)
        }
    }

    /// While a flow stands still nothing of it is lost, and what waits in its queue is not either.
    private func lost(of waiting: [Observation]) async throws -> [Observation] {
        guard !waiting.isEmpty else { return [] }
        let paused = Set(try await FlowPause.all(ledger).map(\.queue))
        var empty: Set<String> = []
        for flow in Set(waiting.map(\.flow)).subtracting(paused) where try await isEmpty(flow) { empty.insert(flow) }
        return waiting.filter { empty.contains($0.flow) }
    }

    private func reportGone(_ one: Observation) {
        logger.error(
            "not sent again",
            metadata: [
                "flow": "\(one.flow)", "type": "\(one.type)", "subject": "\(one.subject)",
                "revision": "\(one.revision)", "message": "\(one.messageID)", "code": "body.gone",
                "reason": "its queue never had it or has lost it, and its body is not kept any more",
                "remedy": "Have the store publish it anew.",
            ])
    }

    private func report(_ one: Observation) {
        logger.warning(
            "sent again",
            metadata: [
                "flow": "\(one.flow)", "type": "\(one.type)", "subject": "\(one.subject)",
                "revision": "\(one.revision)", "message": "\(one.messageID)",
                "reason": "the store has published it, and the queue never had it or has lost it",
                "remedy": "Run `stevedore topology check --management http://…:15672`: a binding may be missing.",
            ])
    }
}

extension Lookout {
    /// Looks into the queues of the fleet's broker.
    init(_ parts: StationParts) {
        self.init(
            ledger: parts.ledger, holder: parts.holder, outboxWake: parts.outboxWake, logger: parts.logger
        ) { [broker = parts.broker] queue in
            let admin = try BrokerAdmin(configuration: broker)
            do {
                let status = try await admin.status(ofQueue: queue)
                await admin.close()
                return status?.messageCount == 0
            } catch {
                await admin.close()
                throw error
            }
        }
    }
}
