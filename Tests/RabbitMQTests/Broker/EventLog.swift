import RabbitMQ
import Synchronization

/// Collects events, and lets a test wait for one.
final class EventLog: Sendable {
    private struct State {
        var events: [BrokerEvent] = []
        var waiters: [(matches: @Sendable (BrokerEvent) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var all: [BrokerEvent] { state.withLock { $0.events } }

    func note(_ event: BrokerEvent) {
        let ready = state.withLock { state in
            state.events.append(event)
            let ready = state.waiters.filter { $0.matches(event) }
            state.waiters.removeAll { $0.matches(event) }
            return ready.map(\.continuation)
        }
        for continuation in ready { continuation.resume() }
    }

    /// Returns when such an event has come after the first `skipping` events.
    func wait(skipping: Int = 0, for matches: @escaping @Sendable (BrokerEvent) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.events.dropFirst(skipping).contains(where: matches) { return true }
                state.waiters.append((matches, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    static func isConnected(_ event: BrokerEvent) -> Bool {
        if case .connected = event { true } else { false }
    }

    static func isLost(_ event: BrokerEvent) -> Bool {
        if case .lost = event { true } else { false }
    }
}
