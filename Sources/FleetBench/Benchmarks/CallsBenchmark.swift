internal import Models

/// The orders worker with a long backlog and an ERP that has room for 32 calls of 50 ms, which nobody has told it.
struct CallsBenchmark {
    let bench: Bench
    private let warmUp = Duration.seconds(5)

    func measure() async throws -> [Measurement] {
        let warehouse = try Warehouse(bench)
        try await warehouse.layOut()
        try await warehouse.supply(bench.scale.calls) { try Supplies.order($0) }
        let simulator = try await Simulator.start(on: bench)
        let ledger = bench.file("ledger.db")
        let worker = try Worker.start(on: bench, ledger: ledger, erp: simulator.url, only: "to-erp")
        let window = Duration.seconds(Double(bench.scale.calls) / Simulator.ideal) - warmUp - .seconds(1)
        try await Task.sleep(for: warmUp)
        let (start, before, cpuBefore) = (WallClock.microseconds, try await simulator.counts(), worker.cpuSeconds)
        try await Task.sleep(for: window)
        let (end, after, cpuAfter) = (WallClock.microseconds, try await simulator.counts(), worker.cpuSeconds)
        await worker.stop()
        await simulator.stop()

        let times = await JournalWatch(path: ledger).times(of: Catalogue.orderPlaced.name)
        let applied = Double(times.filter { $0 >= start && $0 < end }.count)
        let rate = applied / (Double(end - start) / 1e6)
        let refused = Double(after.refused - before.refused) / Double(max(1, after.requests - before.requests))
        return [
            Measurement(
                "orders to an ERP of 50 ms with room for 32", [rate], against: [Simulator.ideal], "orders/s",
                bar: .ratioAtLeast(0.95)),
            Measurement("calls refused after warm-up", refused * 100, "%", bar: .atMost(1)),
            Measurement("the worker's CPU for an order", (cpuAfter - cpuBefore) * 1e6 / max(1, applied), "µs"),
        ]
    }
}

extension Program {
    var cpuSeconds: Double { ProcessFigures(of: process)?.cpuSeconds ?? 0 }
}
