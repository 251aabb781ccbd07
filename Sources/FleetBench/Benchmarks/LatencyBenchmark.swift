internal import Models

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
        let times = try await warehouse.publish(bench.scale.calls / 2, perSecond: Simulator.ideal / 2) {
            try Supplies.order($0)
        }
        try await Task.sleep(for: .seconds(2))
        await worker.stop()
        await simulator.stop()

        let answered = await JournalWatch(path: ledger).times(bySubjectOf: Catalogue.orderPlaced.name)
        let judged = times.first.map { $0 + Int64(warmUp / .microseconds(1)) } ?? 0
        let latencies = times.enumerated().filter { $0.element >= judged }.map { index, time in
            answered[Supplies.number(index)].map { Double($0 - time) / 1_000 } ?? .infinity
        }
        return [
            Measurement("publish → ERP answer at half load, p50", latencies.percentile(0.5), "ms"),
            Measurement("publish → ERP answer at half load, p99", latencies.percentile(0.99), "ms", bar: .atMost(120)),
        ]
    }
}
