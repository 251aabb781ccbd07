import RabbitMQ

/// What a connection tells.
typealias EventLog = SignalLog<BrokerEvent>

extension SignalLog<BrokerEvent> {
    static func isConnected(_ event: BrokerEvent) -> Bool {
        if case .connected = event { true } else { false }
    }

    static func isLost(_ event: BrokerEvent) -> Bool {
        if case .lost = event { true } else { false }
    }
}
