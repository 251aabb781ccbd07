import Fleet
import RabbitMQ
import Synchronization

/// A broker's double: confirms everything but what a test holds back, each call a little later than it came.
final class BrokerDouble: Sendable {
    /// What happened, in order.
    enum Step: Hashable, Sendable {
        case arrived(String)
        case confirmed(String)
    }

    private struct State {
        var isOpen = true
        var answers: [String: PublishOutcome] = [:]
        var once: [String: PublishOutcome] = [:]
        var steps: [Step] = []
        var ids: [String: [String]] = [:]
        var mostTogether = 0
        var together = 0
    }

    private let state = Mutex(State())

    var road: PublishingRoad {
        PublishingRoad(
            holder: "relay-1", isOpen: { self.state.withLock { $0.isOpen } }, publish: { await self.publish($0) })
    }

    func setOpen(_ isOpen: Bool) { state.withLock { $0.isOpen = isOpen } }

    /// From now on messages with this routing key are answered so; nil confirms them again.
    func answer(_ key: String, _ outcome: PublishOutcome?) { state.withLock { $0.answers[key] = outcome } }

    /// The next message on that subject is answered so.
    func answerOnce(_ subject: String, _ outcome: PublishOutcome) { state.withLock { $0.once[subject] = outcome } }

    /// Names as ``name(_:)`` has them.
    var steps: [Step] { state.withLock { $0.steps } }
    var confirmed: [String] {
        steps.compactMap { step -> String? in
            guard case .confirmed(let name) = step else { return nil }
            return name
        }
    }

    /// The message ids under which it came, in order.
    func ids(of name: String) -> [String] { state.withLock { $0.ids[name] ?? [] } }

    /// The most messages that were on their way at once.
    var mostTogether: Int { state.withLock { $0.mostTogether } }

    private func publish(_ messages: [OutgoingMessage]) async -> [PublishOutcome] {
        state.withLock { state in
            for message in messages {
                let name = Self.name(message)
                state.steps.append(.arrived(name))
                state.ids[name, default: []].append(message.properties.messageID ?? "")
            }
            state.together += messages.count
            state.mostTogether = max(state.mostTogether, state.together)
        }
        for _ in 0..<Int.random(in: 0..<20) { await Task.yield() }
        return state.withLock { state in
            state.together -= messages.count
            return messages.map { Self.answer($0, &state) }
        }
    }

    private static func answer(_ message: OutgoingMessage, _ state: inout State) -> PublishOutcome {
        let subject = message.properties.headers["cloudEvents_subject"]?.text ?? ""
        if let outcome = state.once.removeValue(forKey: subject) { return outcome }
        if let outcome = state.answers[message.routingKey] { return outcome }
        state.steps.append(.confirmed(name(message)))
        return .confirmed
    }

    /// `W-1@2`: subject and revision.
    private static func name(_ message: OutgoingMessage) -> String {
        let headers = message.properties.headers
        return "\(headers["cloudEvents_subject"]?.text ?? "?")@\(headers["cloudEvents_revision"]?.integer ?? 0)"
    }
}
