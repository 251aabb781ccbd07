internal import Fleet
internal import Models

/// What waited for an ERP that was away, once that is back: 50 ms a call with room for 32, which nobody has told the worker;
/// alone, beside a long backlog of another flow, and with orders among them that cannot wait for their turn.
struct DrainBenchmark {
    let bench: Bench

    /// How long after the recovery it may still look for its pace.
    private static let start = Duration.seconds(10)
    /// What is left of the backlog is too little for 32 calls at once.
    private static let end = Duration.seconds(1)

    func measure() async throws -> [Measurement] {
        try await measure(beside: 0) + measure(beside: bench.scale.backlog) + UrgentDrain(bench: bench).measure()
    }

    private func measure(beside stock: Int) async throws -> [Measurement] {
        let warehouse = try Warehouse(bench)
        try await warehouse.layOut()
        try await warehouse.supply(bench.scale.drain) { try Supplies.order($0) }
        Progress.say("drain: \(bench.scale.drain) orders wait, beside \(stock) messages of stock")
        try await warehouse.supply(stock) { try Supplies.stock($0) }
        let drained = try await drain()
        try await warehouse.layOut()
        let name = stock > 0 ? " beside \(Count.grouped(stock)) messages of stock" : ""
        return [
            Measurement(
                "orders that waited for an ERP\(name)", [drained.perSecond], against: [Simulator.ideal], "orders/s",
                bar: .ratioAtLeast(0.95)),
            Measurement("from its return until the first of them\(name)", drained.firstAfter, "s"),
            Measurement(
                "the worker's memory from then to the end\(name): growth", drained.growth, "MB", bar: .atMost(5)),
        ]
    }

    private struct Drained {
        var perSecond: Double
        var firstAfter: Double
        var growth: Double
    }

    private func drain() async throws -> Drained {
        // An address where nobody listens until the ERP returns.
        let early = try await Simulator.start(on: bench)
        await early.stop()
        let ledger = bench.file("ledger.db")
        let worker = try Worker.start(on: bench, ledger: ledger, erp: early.url, only: "to-erp")
        try await Task.sleep(for: .seconds(12))
        let simulator = try await Simulator.start(on: bench, at: early.port)
        let returned = WallClock.microseconds
        let resident = try await watch(worker, ledger)
        await worker.stop()
        await simulator.stop()
        let times = await applied(ledger)
        guard times.count == bench.scale.drain, let first = times.first, let last = times.last else {
            throw BenchError.failed("worker", "\(times.count) orders were applied.\n" + worker.errors)
        }
        let (begin, end) = (returned + Self.start.microseconds, last - Self.end.microseconds)
        let applied = times.count { $0 >= begin && $0 < end }
        return Drained(
            perSecond: Double(applied) / (Double(end - begin) / 1e6), firstAfter: Double(first - returned) / 1e6,
            growth: (resident.suffix(5).max() ?? .infinity) - (resident.first ?? 0))
    }

    /// The worker's memory, second by second from when it has found its pace, until all has been applied.
    private func watch(_ worker: Program, _ ledger: String) async throws -> [Double] {
        let limit = ContinuousClock.now + .seconds(60) + .seconds(Double(bench.scale.drain) / Simulator.ideal * 3)
        try await Task.sleep(for: Self.start)
        var resident: [Double] = []
        while await applied(ledger).count < bench.scale.drain {
            guard ContinuousClock.now < limit, let figures = ProcessFigures(of: worker.process) else {
                throw BenchError.failed("worker", worker.errors)
            }
            resident.append(figures.residentMegabytes)
            try await Task.sleep(for: .seconds(1))
        }
        return resident
    }

    private func applied(_ ledger: String) async -> [Int64] {
        await JournalWatch(path: ledger).times(of: Catalogue.orderPlaced.name)
    }
}

extension Duration {
    fileprivate var microseconds: Int64 { Int64(self / .microseconds(1)) }
}
