internal import Models
internal import RabbitMQ

/// How long an order takes from its publication until the ERP's answer is recorded, at half of what the ERP bears.
struct LatencyBenchmark {
    let bench: Bench
    private let warmUp = Duration.seconds(5)

    func measure() async throws -> [Measurement] {
        let warehouse = try Warehouse(bench)
        try await warehouse.layOut()
        let simulator = try await Simulator.start(on: bench)
        let ledger = bench.file("ledger.db")
        let worker = try Worker.start(on: bench, ledger: ledger, erp: simulator.url)
        try await Task.sleep(for: .seconds(1))
        let sent = try await publish(bench.scale.calls / 2, perSecond: Simulator.ideal / 2, from: warehouse)
        try await Task.sleep(for: .seconds(2))
        await worker.stop()
        await simulator.stop()

        let answered = await JournalWatch(path: ledger).times(bySubjectOf: Catalogue.orderPlaced.name)
        let judged = sent.values.min().map { $0 + Int64(warmUp / .microseconds(1)) } ?? 0
        let latencies = sent.filter { $0.value >= judged }.map { number, time in
            answered[number].map { Double($0 - time) / 1_000 } ?? .infinity
        }
        return [
            Measurement("publish → ERP answer at half load, p50", latencies.percentile(0.5), "ms"),
            Measurement("publish → ERP answer at half load, p99", latencies.percentile(0.99), "ms", bar: .atMost(120)),
        ]
    }

    /// Publishes evenly; returns when each order was handed to the publisher.
    private func publish(
        _ count: Int, perSecond rate: Double, from warehouse: Warehouse
    ) async throws -> [String: Int64] {
        let publisher = try await warehouse.publisher()
        let clock = ContinuousClock()
        let start = clock.now
        var sent: [String: Int64] = [:]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                try await clock.sleep(until: start + .seconds(Double(index) / rate), tolerance: .milliseconds(1))
                let message = try Supplies.order(index)
                sent[Supplies.number(index)] = WallClock.microseconds
                group.addTask { try await publisher.confirmAll([message]) }
            }
            try await group.waitForAll()
        }
        await publisher.close()
        return sent
    }
}
