internal import Models
internal import RabbitMQ

/// A projection from the first message to the last: the fleet's worker, or the C program that runs the same statements with
/// the same durability and checks nothing.
struct ProjectionLane {
    let bench: Bench
    /// The C program.
    let floor: String
    let product: Bench.Product
    /// The worker's direction, where it has two.
    var only: String?
    let type: MessageType
    let message: @Sendable (Int) throws -> OutgoingMessage
    /// The same for both.
    let prefetch = 1_000

    /// Fills the queue, after emptying the broker.
    func supply(_ count: Int) async throws {
        let warehouse = try Warehouse(bench)
        try await warehouse.layOut()
        try await warehouse.supply(count, message)
    }

    func runFloor() async throws -> LaneFigures {
        try LaneFigures(line: try await startFloor(database: bench.file("floor.db")).finish())
    }

    /// The C program, which ends by itself after as many messages as a run has.
    func startFloor(database: String, count: Int? = nil) throws -> Program {
        try Program(
            "\(bench.floors)/\(floor)",
            [
                "--url", bench.url, "--queue", type.queue, "--count", "\(count ?? bench.scale.messages)",
                "--database", database, "--prefetch", "\(prefetch)",
            ], on: bench)
    }

    func startWorker(ledger: String) throws -> Program {
        try Worker.start(
            product, on: bench, ledger: ledger, only: only, settings: ["WORKER_PREFETCH": "\(prefetch)"])
    }

    /// Several workers share the ledger and the queue; their processors' times are added.
    func runWorkers(_ count: Int = 1) async throws -> LaneFigures {
        let ledger = bench.file("ledger.db")
        let workers = try (0..<count).map { _ in try startWorker(ledger: ledger) }
        let watch = JournalWatch(path: ledger)
        try await watch.wait(forRows: bench.scale.messages, worker: workers[0])
        let use = workers.compactMap { ProcessFigures(of: $0.process) }
        for worker in workers { await worker.stop() }
        guard use.count == count else { throw BenchError.stuck("the worker") }
        return try figures(await watch.times(of: type.name).sorted(), use)
    }

    /// One worker on a ledger that may keep no journal; `last` is the subject of the last message.
    func runWorker(ledger: String, last: String) async throws -> LaneFigures {
        let worker = try startWorker(ledger: ledger)
        let watch = AppliedWatch(path: ledger, family: type.family)
        try await watch.wait(for: bench.scale.messages, last: last, worker: worker)
        guard let use = ProcessFigures(of: worker.process) else { throw BenchError.stuck("the worker") }
        await worker.stop()
        return try figures(await watch.times(), [use])
    }

    private func figures(_ times: [Int64], _ use: [ProcessFigures]) throws -> LaneFigures {
        guard let first = times.first, let last = times.last else { throw BenchError.stuck("the worker") }
        // A group's time is that of its start, so the last group's work is outside the interval.
        let counted = times.prefix { $0 < last }.count
        let wall = Double(last - first) / 1e6
        return LaneFigures(
            floor, count: bench.scale.messages, wallSeconds: wall * Double(times.count) / Double(max(1, counted)),
            cpuSeconds: use.reduce(0) { $0 + $1.cpuSeconds })
    }
}
