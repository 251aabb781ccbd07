internal import Fleet
internal import Models
internal import RabbitMQ

/// Makes the broker ready for a run: queues without leftovers, filled with messages.
struct Warehouse {
    let bench: Bench
    private let configuration: BrokerConfiguration

    init(_ bench: Bench) throws {
        self.bench = bench
        configuration = try BrokerConfiguration(urls: [bench.url], connectionName: "bench supply")
    }

    /// A quorum queue with this many messages of 1 KB; no messages make an empty one.
    func fill(queue: String, with count: Int) async throws {
        try await administer { (admin) throws(BrokerError) in
            try await admin.delete(queue: queue)
            _ = try await admin.declare(.quorum(queue))
        }
        guard count > 0 else { return }
        let arguments = ["--url", bench.url, "--routing-key", queue, "--count", "\(count)"]
        _ = try await Program("\(bench.floors)/publish", arguments, on: bench).finish()
    }

    func delete(queue: String) async throws {
        try await administer { (admin) throws(BrokerError) in try await admin.delete(queue: queue) }
    }

    /// The fleet's topology, every queue of it empty.
    func layOut() async throws {
        try await administer { (admin) throws(BrokerError) in
            let plan = TopologyPlan.fleet()
            for queue in plan.queues { try await admin.delete(queue: queue.name) }
            try await TopologyDoctor(admin: admin, plan: plan).apply()
        }
    }

    /// Publishes messages `0..<count` to the fleet's exchange, as fast as the broker confirms them.
    func supply(_ count: Int, _ message: @escaping @Sendable (Int) throws -> OutgoingMessage) async throws {
        let publisher = try Publisher(configuration: configuration)
        try await publisher.start()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, first) in stride(from: 0, to: count, by: 1_000).enumerated() {
                if index >= 3 { try await group.next() }
                let messages = try (first..<min(first + 1_000, count)).map(message)
                group.addTask { try await publisher.confirmAll(messages) }
            }
            try await group.waitForAll()
        }
        await publisher.close()
    }

    /// Publishes messages `0..<count` evenly; returns when each was handed to the publisher, in microseconds since 1970.
    func publish(
        _ count: Int, perSecond rate: Double, _ message: @Sendable (Int) throws -> OutgoingMessage
    ) async throws -> [Int64] {
        let publisher = try await publisher()
        let clock = ContinuousClock()
        let start = clock.now
        var sent: [Int64] = []
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                try await clock.sleep(until: start + .seconds(Double(index) / rate), tolerance: .milliseconds(1))
                let message = try message(index)
                sent.append(WallClock.microseconds)
                group.addTask { try await publisher.confirmAll([message]) }
            }
            try await group.waitForAll()
        }
        await publisher.close()
        return sent
    }

    /// A publisher for messages that are sent one at a time; the caller closes it.
    func publisher() async throws -> Publisher {
        let publisher = try Publisher(configuration: configuration)
        try await publisher.start()
        return publisher
    }

    private func administer(_ work: (BrokerAdmin) async throws(BrokerError) -> Void) async throws {
        let admin = try BrokerAdmin(configuration: configuration)
        do {
            _ = try await admin.connect()
            try await work(admin)
            await admin.close()
        } catch {
            await admin.close()
            throw error
        }
    }
}
