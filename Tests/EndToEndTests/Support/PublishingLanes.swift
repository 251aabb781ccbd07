import FleetTesting
import RabbitMQ
import Synchronization

/// Publishes in small groups on several tasks at once, and kills something once so many are confirmed: then some
/// are confirmed, some on their way, and some not sent.
final class PublishingLanes: Sendable {
    private struct State {
        var outcomes: [String: PublishOutcome] = [:]
        var confirmed = 0
        var isKilled = false
    }

    private let state = Mutex(State())
    private let publisher: Publisher
    private let messages: [OutgoingMessage]
    private let limit: Int
    private let kill: @Sendable () -> Void

    init(
        _ publisher: Publisher, _ messages: [OutgoingMessage], at limit: Int, _ kill: @escaping @Sendable () -> Void
    ) {
        self.publisher = publisher
        self.messages = messages
        self.limit = limit
        self.kill = kill
    }

    /// The outcome of each message that was handed to the publisher, by its id.
    func run() async -> [String: PublishOutcome] {
        let lanes = 4
        let size = 5
        await withTaskGroup { group in
            for lane in 0..<lanes {
                group.addTask { [self] in
                    for start in stride(from: lane * size, to: messages.count, by: lanes * size) {
                        guard !state.withLock({ $0.isKilled }) else { return }
                        await publish(Array(messages[start..<min(start + size, messages.count)]))
                    }
                }
            }
        }
        return state.withLock { $0.outcomes }
    }

    private func publish(_ part: [OutgoingMessage]) async {
        let outcomes = await publisher.publish(part, timeout: .seconds(3))
        let isTime = state.withLock { state in
            for (message, outcome) in zip(part, outcomes) {
                state.outcomes[message.properties.messageID ?? ""] = outcome
            }
            state.confirmed += outcomes.filter { $0 == .confirmed }.count
            guard state.confirmed >= limit, !state.isKilled else { return false }
            state.isKilled = true
            return true
        }
        if isTime { kill() }
    }
}

extension PublishOutcome {
    /// It was sent, and no answer came.
    var isUnknown: Bool { if case .unknown = self { true } else { false } }
}

extension PublishOutcome {
    /// The broker refuses this very message.
    var isRefusal: Bool { if case .notSent(.preconditionFailed) = self { true } else { false } }
}

extension Rig {
    /// What a producer does about anything but a confirm: the same message again under the same id.
    func publishUntilConfirmed(_ messages: [OutgoingMessage], over other: Publisher? = nil) async throws {
        let publisher = other ?? publisher
        var waiting = messages
        try await eventually(within: .seconds(90), "all messages to be confirmed") {
            let outcomes = await publisher.publish(waiting, timeout: .seconds(10))
            waiting = zip(waiting, outcomes).filter { $0.1 != .confirmed }.map(\.0)
            return waiting.isEmpty
        }
    }
}
