internal import ArgumentParser
internal import Models
internal import RabbitMQ

/// The counterpart of publish.c: our publisher in a process of its own.
struct PublishLane: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "publish", shouldDisplay: false)

    @Option var url: String
    @Option var routingKey: String
    @Option var count: Int
    @Option var size: Int = 1_024
    @Option var window: Int = 1_000

    func run() async throws {
        let publisher = try Publisher(
            configuration: try BrokerConfiguration(urls: [url], connectionName: "bench publish"), window: window)
        try await publisher.start()
        let (clock, cpu) = (ContinuousClock(), OwnUse.cpuSeconds)
        let start = clock.now
        try await publishAll(publisher)
        let figures = LaneFigures(
            "publish", count: count, wallSeconds: (clock.now - start) / .seconds(1),
            cpuSeconds: OwnUse.cpuSeconds - cpu)
        await publisher.close()
        print(try figures.line)
    }

    /// Always three groups under way, so that the window is full although each group waits for its last confirm.
    private func publishAll(_ publisher: Publisher) async throws {
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: size)
        let chunk = max(1, min(window, count))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, first) in stride(from: 0, to: count, by: chunk).enumerated() {
                if index >= 3 { try await group.next() }
                let messages = (first..<min(first + chunk, count)).map { message($0, body) }
                group.addTask { try await publisher.confirmAll(messages) }
            }
            try await group.waitForAll()
        }
    }

    private func message(_ number: Int, _ body: [UInt8]) -> OutgoingMessage {
        let serial = String(number, radix: 16)
        let id = "00000000-0000-7000-8000-" + String(repeating: "0", count: 12 - serial.utf8.count) + serial
        return OutgoingMessage(
            exchange: "", routingKey: routingKey,
            properties: MessageProperties(
                contentType: IncomingMessage.structured, messageID: id, type: "order.placed.v1"), body: body)
    }
}

extension Publisher {
    /// Publishes and demands a confirm for each.
    nonisolated func confirmAll(_ messages: [OutgoingMessage]) async throws {
        for outcome in await publish(messages, timeout: .seconds(60)) where outcome != .confirmed {
            throw BenchError.unconfirmed("\(outcome)")
        }
    }
}
