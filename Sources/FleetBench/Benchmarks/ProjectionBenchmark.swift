internal import Fleet
internal import Models

/// The whole road of a projection: the orders worker on `order.status.v1`, against a C program that runs the same
/// statements with the same durability and checks nothing.
struct ProjectionBenchmark {
    let bench: Bench
    /// The same for both.
    private let prefetch = 1_000

    func measure() async throws -> [Measurement] {
        let warehouse = try Warehouse(bench)
        var (ours, floor): ([LaneFigures], [LaneFigures]) = ([], [])
        for repetition in 0..<bench.scale.repetitions {
            for isOurs in repetition.isMultiple(of: 2) ? [false, true] : [true, false] {
                try await warehouse.layOut()
                try await warehouse.supply(bench.scale.messages) { try Supplies.status($0) }
                let figures = try await isOurs ? runWorker() : runFloor()
                Progress.say("projection \(isOurs ? "fleet" : "C    ") \(figures.summary)")
                if isOurs { ours.append(figures) } else { floor.append(figures) }
            }
        }
        return Measurement.rateAndCPU("whole road of a projection", ours, against: floor, bar: 0.6)
    }

    private func runFloor() async throws -> LaneFigures {
        let program = try Program(
            "\(bench.floors)/project",
            [
                "--url", bench.url, "--queue", Catalogue.orderStatus.queue, "--count", "\(bench.scale.messages)",
                "--database", bench.file("floor.db"), "--prefetch", "\(prefetch)",
            ], on: bench)
        return try LaneFigures(line: try await program.finish())
    }

    private func runWorker() async throws -> LaneFigures {
        let ledger = bench.file("ledger.db")
        let worker = try Worker.start(
            on: bench, ledger: ledger, only: "to-store", settings: ["WORKER_PREFETCH": "\(prefetch)"])
        let watch = JournalWatch(path: ledger)
        try await watch.wait(forRows: bench.scale.messages, worker: worker)
        let use = ProcessFigures(of: worker.process)
        await worker.stop()
        let times = await watch.times(of: Catalogue.orderStatus.name)
        guard let first = times.first, let last = times.last, let use else { throw BenchError.stuck("the worker") }
        // A group's time is that of its start, so the last group's work is outside the interval.
        let count = times.prefix { $0 < last }.count
        let wall = Double(last - first) / 1e6
        return LaneFigures(
            "project", count: bench.scale.messages, wallSeconds: wall * Double(times.count) / Double(max(1, count)),
            cpuSeconds: use.cpuSeconds)
    }
}
