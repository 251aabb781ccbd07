/// What the process counts about the connection that all its flows publish over.
final class PublisherMetrics: ConnectionMetrics {
    let reconnects = Counter()
    let connected = Gauge()
    let blocked = Gauge()

    func noteLoss() { reconnects.add() }

    func note(isConnected: Bool, isBlocked: Bool) {
        connected.set(isConnected ? 1 : 0)
        blocked.set(isBlocked ? 1 : 0)
    }

    func samples() -> [String: [String]] {
        [
            "stevedore_publisher_reconnects_total": [" \(reconnects.total)"],
            "stevedore_publisher_connected": [" \(connected.now)"],
            "stevedore_publisher_blocked": [" \(blocked.now)"],
        ]
    }
}

/// Where a connection's ups and downs are counted.
protocol ConnectionMetrics: Sendable {
    func noteLoss()
    func note(isConnected: Bool, isBlocked: Bool)
}

extension FlowMetrics: ConnectionMetrics {
    func noteLoss() { reconnects.add() }

    func note(isConnected: Bool, isBlocked: Bool) { consuming.set(isConnected ? 1 : 0) }
}
