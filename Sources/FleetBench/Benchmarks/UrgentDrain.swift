internal import Fleet
internal import Ledger
internal import Models

/// The same drain when not all that waits is alike: every tenth order is prepaid, and last of all come cancellations of
/// orders that the ERP has had since before it was away.
struct UrgentDrain {
    let bench: Bench

    /// So many orders that the ERP has are cancelled.
    private static let cancelled = 200
    /// A message is left to its turn in the queue for so long, and a second more.
    private static let turn = Duration.seconds(6)

    func measure() async throws -> [Measurement] {
        let warehouse = try Warehouse(bench)
        try await warehouse.layOut()
        let simulator = try await Simulator.start(on: bench)
        let ledger = bench.file("ledger.db")
        let worker = try Worker.start(on: bench, ledger: ledger, erp: simulator.url)
        let watch = JournalWatch(path: ledger)
        try await warehouse.supply(Self.cancelled) { try Supplies.order($0) }
        try await wait("orders to be in the ERP", worker) {
            await watch.times(of: Catalogue.orderPlaced.name).count == Self.cancelled
        }
        let absence = try await simulator.goAway()
        try await supply(warehouse, worker, ledger)
        Progress.say(
            "drain: \(bench.scale.drain) orders wait, a tenth of them prepaid, and \(Self.cancelled) cancellations")
        try await simulator.comeBack(from: absence)
        let returned = WallClock.microseconds
        try await wait("the backlog to be drained", worker) {
            await watch.times(of: Catalogue.orderPlaced.name).count == bench.scale.drain + Self.cancelled
        }
        await worker.stop()
        await simulator.stop()
        let measurements = await figures(watch, since: returned)
        try await warehouse.layOut()
        return measurements
    }

    /// What waits, the cancellations last.
    private func supply(_ warehouse: Warehouse, _ worker: Program, _ ledger: String) async throws {
        try await warehouse.supply(bench.scale.drain) {
            try Supplies.order(Self.cancelled + $0, isPrepaid: $0.isMultiple(of: 10))
        }
        try await warehouse.supply(Self.cancelled) { try Supplies.cancellation($0) }
        let waiting = bench.scale.drain + Self.cancelled
        try await wait("all to be noted", worker) {
            let noted = await LedgerGlance(path: ledger).ask {
                try $0.first("SELECT count(*) FROM last_word") { Int($0.integer(0)) }
            }
            return noted == waiting
        }
        try await Task.sleep(for: Self.turn)
    }

    private func wait(_ what: String, _ worker: Program, until isDone: () async -> Bool) async throws {
        let limit = ContinuousClock.now + .seconds(60) + .seconds(Double(bench.scale.drain) / Simulator.ideal * 3)
        while await !isDone() {
            guard ContinuousClock.now < limit else { throw BenchError.stuck("waiting for \(what)\n" + worker.errors) }
            guard ProcessFigures(of: worker.process) != nil else { throw BenchError.failed("worker", worker.errors) }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private func figures(_ watch: JournalWatch, since returned: Int64) async -> [Measurement] {
        let cancelled = await watch.times(of: Catalogue.orderCancelled.name)
        let placed = await watch.times(bySubjectOf: Catalogue.orderPlaced.name)
        let prepaid = (0..<bench.scale.drain).filter { $0.isMultiple(of: 10) }.compactMap {
            placed[Supplies.number(Self.cancelled + $0)]
        }
        let (end, count) = (placed.values.max() ?? returned, Double(bench.scale.drain + cancelled.count))
        let last = cancelled.count == Self.cancelled ? Self.seconds(cancelled.max(), since: returned) : .infinity
        return [
            Measurement(
                "orders that waited for an ERP, a tenth of them prepaid, with all from its return to the end",
                [count / Self.seconds(end, since: returned)], against: [Simulator.ideal], "orders/s"),
            Measurement(
                "until \(Self.cancelled) cancellations behind them have been made", last, "s", bar: .atMost(10)),
            Measurement("until the prepaid have been placed", Self.seconds(prepaid.max(), since: returned), "s"),
            Measurement("until all have been placed", Self.seconds(end, since: returned), "s"),
        ]
    }

    private static func seconds(_ time: Int64?, since start: Int64) -> Double {
        time.map { Double($0 - start) / 1e6 } ?? .infinity
    }
}
