internal import Fleet
internal import Ledger
internal import Storefront

/// `stevedore why` on a journal of ten million steps: the whole command, for an order in the middle of it.
struct WhyBenchmark {
    let bench: Bench

    private static let orders = 2_000_000

    func measure() async throws -> [Measurement] {
        let path = bench.file("why.db")
        let ledger = try Ledger.open(path: path)
        try await FleetTables.migrate(ledger)
        try await DatabaseStorefront.migrate(ledger)
        Progress.say("why: writing a journal of \(Self.orders * 5) steps")
        for statement in Self.fill { _ = try await ledger.write { try $0.execute(text: statement) } }
        try await ledger.write { try $0.indexJournal() }
        await ledger.close()
        var (known, unknown): ([Double], [Double]) = ([], [])
        for run in 0..<(bench.scale.repetitions * 8) {
            known.append(try await time("W-\((run * 104_729) % Self.orders)", ledger: path))
            unknown.append(try await time("X-\(run)", ledger: path))
        }
        return [
            Measurement("why, of an order among 10,000,000 steps, median", known.median, "ms", bar: .atMost(100)),
            Measurement("why, of a name that nobody knows, median", unknown.median, "ms"),
        ]
    }

    private func time(_ name: String, ledger: String) async throws -> Double {
        let start = ContinuousClock.now
        // Nothing listens there: what the broker adds is not the ledger's time.
        let program = try Program(
            bench.path(of: .stevedore), ["why", name],
            environment: ["STEVEDORE_AMQP_URLS": "amqp://127.0.0.1:1/", "STEVEDORE_LEDGER_PATH": ledger], on: bench)
        _ = try? await program.finish()
        return (ContinuousClock.now - start) / .milliseconds(1)
    }

    private static func numbers(_ count: Int) -> String {
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < \(count))"
    }

    private static let time = "1772359200000000 + i * 1000"

    /// Five steps of each order, which lie far apart.
    private static var fill: [String] {
        ["noted", "claimed", "retried", "claimed", "applied"].map { stage in
            """
            \(numbers(orders)) INSERT INTO journal (at, message_id, type, subject, revision, stage, code, worker)
            SELECT \(time), 'm-' || i, 'order.placed.v1', 'W-' || i, 1, '\(stage)', 'ok', 'worker-1' FROM n
            """
        } + [
            """
            \(numbers(orders)) INSERT INTO subject_state (family, subject, revision, state, reference, applied_at)
            SELECT 'order', 'W-' || i, 1, 'accepted', 'SO-' || i, \(time) FROM n
            """,
            """
            \(numbers(orders)) INSERT INTO alias (value, kind, family, subject)
            SELECT 'SO-' || i, 'erp-number', 'order', 'W-' || i FROM n
            """,
        ]
    }
}
