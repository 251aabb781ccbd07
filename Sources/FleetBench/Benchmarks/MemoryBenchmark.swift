internal import Models

/// One worker in both directions with a backlog that it cannot finish: its memory, whether that stays, and how soon after
/// its start the first message is handled.
struct MemoryBenchmark {
    let bench: Bench

    func measure() async throws -> [Measurement] {
        let warehouse = try Warehouse(bench)
        try await warehouse.layOut()
        try await warehouse.supply(bench.scale.backlog) { try Supplies.order($0) }
        let simulator = try await Simulator.start(on: bench)
        let ledger = bench.file("ledger.db")
        let worker = try Worker.start(on: bench, ledger: ledger, erp: simulator.url)
        let resident = try await watch(worker)
        await worker.stop()
        await simulator.stop()
        try await warehouse.layOut()

        let times = await JournalWatch(path: ledger).times(of: Catalogue.orderPlaced.name)
        guard let first = times.first else { throw BenchError.failed("worker", worker.errors) }
        let fifth = max(1, resident.count / 5)
        return [
            Measurement(
                "first order handled after the start", Double(first - worker.startedAt) / 1e6, "s", bar: .atMost(0.5)),
            Measurement(
                "resident memory, backlog \(bench.scale.backlog)", resident.max() ?? .infinity, "MB", bar: .atMost(50)),
            Measurement(
                "its growth from the second to the last fifth of \(bench.scale.watch)",
                Array(resident.suffix(fifth)).median - Array(resident.dropFirst(fifth).prefix(fifth)).median, "MB",
                bar: .atMost(2)),
        ]
    }

    private func watch(_ worker: Program) async throws -> [Double] {
        let clock = ContinuousClock()
        let end = clock.now + bench.scale.watch
        var resident: [Double] = []
        while clock.now < end {
            try await Task.sleep(for: .seconds(1))
            guard let figures = ProcessFigures(of: worker.process) else {
                throw BenchError.failed("worker", worker.errors)
            }
            resident.append(figures.residentMegabytes)
        }
        return resident
    }
}
