internal import Fleet
internal import Synchronization

/// How a relay is doing: what health and metrics say of it, and when to stop.
final class RelayPulse: Sendable {
    private enum Phase { case starting, standingBy, relaying }

    private struct State {
        var isStopping = false
        var phase = Phase.starting
        var other: String?
        var reasons: [String: String] = [:]
        /// Why the store's database cannot be used now.
        var fault: String?
        var sent = 0
        var refused = 0
    }

    private let state = Mutex(State())

    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Nothing more is begun.
    func stop() { state.withLock { $0.isStopping = true } }

    /// Another process relays.
    func standsBy(behind other: String) {
        state.withLock { state in
            state.phase = .standingBy
            state.other = other
        }
    }

    func relays() { state.withLock { $0.phase = .relaying } }

    /// Why queues are not published to, by queue.
    func note(holds reasons: [String: String]) { state.withLock { $0.reasons = reasons } }

    /// Notes whether the database can be used; true when that is news.
    func note(fault: String?) -> Bool {
        state.withLock { state in
            defer { state.fault = fault }
            return state.fault != fault
        }
    }

    func sent(_ count: Int) { state.withLock { $0.sent += count } }

    func refused(_ count: Int) { state.withLock { $0.refused += count } }

    /// A broker that is away, or full, is no fault of this program, which waits for it.
    var check: HealthCheck {
        let state = state.withLock(\.self)
        if let fault = state.fault { return HealthCheck(name: "outbox", isUp: false, detail: fault) }
        switch state.phase {
        case .starting: return HealthCheck(name: "outbox", isUp: false, detail: "starting")
        case .standingBy:
            return HealthCheck(
                name: "outbox", isUp: true, detail: "\(state.other ?? "another process") relays", state: "standby")
        case .relaying: break
        }
        guard !state.reasons.isEmpty else { return HealthCheck(name: "outbox", isUp: true, detail: "relaying") }
        let reasons = state.reasons.sorted { $0.key < $1.key }.map { "\($0.key) waits: \($0.value)" }
        return HealthCheck(name: "outbox", isUp: true, detail: reasons.joined(separator: " "), state: "paused")
    }

    /// By name of the metric.
    var totals: [String: Int] {
        state.withLock { state in
            [
                "stevedore_relay_sent_total": state.sent, "stevedore_relay_refused_total": state.refused,
                "stevedore_relay_queues_held": state.reasons.count,
                "stevedore_relay_active": state.phase == .relaying ? 1 : 0,
            ]
        }
    }
}
