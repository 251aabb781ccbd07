internal import Models
internal import RabbitMQ

/// How long stock takes from its publication until a store can read it, at 200 messages a second, against C.
struct FreshnessBenchmark {
    let bench: Bench
    private let perSecond = 200.0

    func measure() async throws -> [Measurement] {
        var (ours, floor): ([[Double]], [[Double]]) = ([], [])
        for repetition in 0..<bench.scale.repetitions {
            for isOurs in repetition.isMultiple(of: 2) ? [false, true] : [true, false] {
                let latencies = try await run(isOurs)
                Progress.say(
                    "freshness \(isOurs ? "fleet" : "C    ") p50 \(latencies.percentile(0.5).short) ms, "
                        + "p99 \(latencies.percentile(0.99).short) ms")
                if isOurs { ours.append(latencies) } else { floor.append(latencies) }
            }
        }
        return [
            Measurement(
                "publish → readable in the store, p50", ours.map { $0.percentile(0.5) },
                against: floor.map { $0.percentile(0.5) }, "ms"),
            Measurement(
                "publish → readable in the store, p99", ours.map { $0.percentile(0.99) },
                against: floor.map { $0.percentile(0.99) }, "ms", bar: .ratioAtMost(1.5)),
        ]
    }

    /// The latencies of one run, in milliseconds, without its first seconds.
    private func run(_ isOurs: Bool) async throws -> [Double] {
        let lane = InventoryBenchmark.lane(bench)
        try await lane.supply(0)
        let count = bench.scale.freshness
        let database = bench.file("ledger.db")
        let program =
            try isOurs ? lane.startWorker(ledger: database) : lane.startFloor(database: database, count: count)
        let watch = try Program(
            "\(bench.floors)/watch", ["--database", database, "--count", "\(count)"], on: bench)
        try await Task.sleep(for: .seconds(1))
        let sent = try await Warehouse(bench).publish(count, perSecond: perSecond, lane.message)
        let seen = try Self.sights(in: try await watch.finish(within: .seconds(120)))
        await program.stop()
        let warmUp = Int(perSecond) * 2
        return try (warmUp..<count).map { index in
            guard let time = seen[Supplies.stockSubject(index)] else { throw BenchError.stuck("the worker") }
            return Double(time - sent[index]) / 1_000
        }
    }

    /// The watcher's lines: a subject and a time.
    private static func sights(in text: String) throws -> [String: Int64] {
        let pairs = text.split(separator: "\n").compactMap { line -> (String, Int64)? in
            let parts = line.split(separator: " ")
            return parts.count == 2 ? Int64(parts[1]).map { (String(parts[0]), $0) } : nil
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
