internal import Ledger
internal import Models

/// What the journal costs: the same stock through the same inventory worker, with its steps written down and without.
///
/// Nothing in the worker can leave them out, so the ledger's file does, by a trigger that only this benchmark makes. What is
/// left of the statement then is measured as well, and added to the journal's cost.
struct JournalBenchmark {
    let bench: Bench

    func measure() async throws -> [Measurement] {
        let lane = InventoryBenchmark.lane(bench)
        let rest = try await Self.rest(of: bench)
        Progress.say("journal: a statement without its row takes \(rest.short) µs")
        var (with, without): ([LaneFigures], [LaneFigures]) = ([], [])
        for repetition in 0..<bench.scale.repetitions {
            // Whoever comes second finds a warmer broker: take turns.
            for isKept in repetition.isMultiple(of: 2) ? [false, true] : [true, false] {
                try await lane.supply(bench.scale.messages)
                let figures = try await run(lane, isKept)
                Progress.say("journal \(isKept ? "with   " : "without") \(figures.summary)")
                if isKept { with.append(figures) } else { without.append(figures.less(rest)) }
            }
        }
        return [
            Measurement(
                "stock with the journal, against without", with.map(\.perSecond), against: without.map(\.perSecond),
                "messages/s", bar: .ratioAtLeast(0.85)),
            Measurement(
                "the worker's CPU with the journal, against without", with.map(\.cpuMicroseconds),
                against: without.map(\.cpuMicroseconds), "µs/message"),
        ]
    }

    private func run(_ lane: ProjectionLane, _ isKept: Bool) async throws -> LaneFigures {
        let path = bench.file("ledger.db")
        try await Self.prepare(path, isKept)
        let figures = try await lane.runWorker(ledger: path, last: Supplies.stockSubject(bench.scale.messages - 1))
        let rows = await JournalWatch(path: path).times(of: lane.type.name).count
        guard rows == (isKept ? bench.scale.messages : 0) else {
            throw BenchError.failed("inventory-worker", "the journal has \(rows) rows")
        }
        return figures
    }

    private static func prepare(_ path: String, _ isKept: Bool) async throws {
        let ledger = try Ledger.open(path: path)
        if !isKept { _ = try await ledger.write { try $0.execute(text: Self.leftOut) } }
        await ledger.close()
    }

    private static let leftOut =
        "CREATE TRIGGER journal_left_out BEFORE INSERT ON journal BEGIN SELECT raise(ignore); END"

    /// The microseconds of processor's time that a step takes of which nothing is written.
    private static func rest(of bench: Bench) async throws -> Double {
        let path = bench.file("rest.db")
        try await prepare(path, false)
        let ledger = try Ledger.open(path: path)
        let (groups, group) = (200, 500)
        let start = OwnUse.cpuSeconds
        for number in 0..<groups {
            try await ledger.write { transaction in
                for index in 0..<group { try transaction.journal(Self.step(number * group + index)) }
            }
        }
        let used = OwnUse.cpuSeconds - start
        await ledger.close()
        return used * 1e6 / Double(groups * group)
    }

    /// As the inventory worker writes it.
    private static func step(_ index: Int) -> JournalEntry {
        JournalEntry(
            at: WallClock.microseconds, messageID: "019ca9e6-1400-7000-8000-\(100_000_000_000 + index)",
            type: Catalogue.stock.name, subject: Supplies.stockSubject(index), revision: 1, stage: "applied",
            code: "ok", worker: "inventory-worker@bench#0000", traceID: "4bf92f3577b34da6a3ce929d0e0e4736")
    }
}

extension LaneFigures {
    /// As if each message had taken so many microseconds of the processor less. The worker's one writer is what the rate
    /// hangs on, so that the wall clock has as many less.
    fileprivate func less(_ microseconds: Double) -> LaneFigures {
        var figures = self
        figures.cpuSeconds -= microseconds * Double(count) / 1e6
        figures.wallSeconds -= microseconds * Double(count) / 1e6
        return figures
    }
}
