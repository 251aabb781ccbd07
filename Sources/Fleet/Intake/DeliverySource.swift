internal import RabbitMQ

/// Where deliveries come from and are settled: a consumer on the broker, or a double of it in tests.
protocol DeliverySource: Sendable {
    /// At least one delivery; nil when there will be no more.
    func nextBatch() async -> DeliveryBatch?
    func settle(_ settlements: [Settlement]) async
    func pause() async
    func resume() async
}

extension Consumer: DeliverySource {}
