internal import ArgumentParser
internal import Fleet
internal import RabbitMQ

/// What a replay is held against: the publisher, with the copies that a replay of orders sends, to where it sends them.
struct CopiesLane: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "publish-copies", shouldDisplay: false)

    @Option var url: String
    @Option var count: Int

    /// The copies are made before the clock starts.
    func run() async throws {
        let batches = try stride(from: 0, to: count, by: 500).map { first in
            try (first..<min(first + 500, count)).map { try Self.copy($0) }
        }
        let publisher = try Publisher(
            configuration: try BrokerConfiguration(urls: [url], connectionName: "bench publish-copies"))
        try await publisher.start()
        let (clock, cpu) = (ContinuousClock(), OwnUse.cpuSeconds)
        let start = clock.now
        try await publishAll(batches, publisher)
        let figures = LaneFigures(
            "publish-copies", count: count, wallSeconds: (clock.now - start) / .seconds(1),
            cpuSeconds: OwnUse.cpuSeconds - cpu)
        await publisher.close()
        print(try figures.line)
    }

    /// Always three batches under way, so that the window is full although each waits for its last confirm.
    private func publishAll(_ batches: [[OutgoingMessage]], _ publisher: Publisher) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, batch) in batches.enumerated() {
                if index >= 3 { try await group.next() }
                group.addTask { try await publisher.confirmAll(batch) }
            }
            try await group.waitForAll()
        }
    }

    private static func copy(_ index: Int) throws -> OutgoingMessage {
        var message = try Supplies.order(index)
        (message.exchange, message.routingKey) = (FleetTopology.requeueExchange, "orders.to-erp")
        message.properties.headers = [
            MessageHeader.replayedBy: "bench", MessageHeader.replayReason: "bench",
            MessageHeader.replayedAt: "2026-03-01T10:00:00.000000Z",
        ]
        return message
    }
}
