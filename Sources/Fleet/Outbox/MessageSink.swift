internal import RabbitMQ

/// Takes messages and says what became of each, in order: the broker, or a double of it in tests.
protocol MessageSink: Sendable {
    func publish(_ messages: [OutgoingMessage], timeout: Duration) async -> [PublishOutcome]
}

extension Publisher: MessageSink {}
