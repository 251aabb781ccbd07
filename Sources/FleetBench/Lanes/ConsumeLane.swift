internal import ArgumentParser
internal import RabbitMQ

/// The counterpart of consume.c: our consumer in a process of its own.
struct ConsumeLane: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "consume", shouldDisplay: false)

    @Option var url: String
    @Option var queue: String
    @Option var count: Int
    @Option var prefetch: UInt16 = 1_000

    func run() async throws {
        let consumer = try Consumer(
            configuration: try BrokerConfiguration(urls: [url], connectionName: "bench consume"), queue: queue,
            prefetch: prefetch)
        try await consumer.start()
        let (clock, cpu) = (ContinuousClock(), OwnUse.cpuSeconds)
        var start: ContinuousClock.Instant?
        var done = 0
        while done < count, let batch = await consumer.nextBatch() {
            start = start ?? clock.now
            done += batch.deliveries.count
            await consumer.settle(batch.deliveries.map { .ack($0.tag) })
        }
        await consumer.close()
        guard let start else { throw BenchError.stuck("consuming") }
        let figures = LaneFigures(
            "consume", count: done, wallSeconds: (clock.now - start) / .seconds(1),
            cpuSeconds: OwnUse.cpuSeconds - cpu)
        print(try figures.line)
    }
}
