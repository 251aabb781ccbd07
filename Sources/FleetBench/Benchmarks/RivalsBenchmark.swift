internal import Models

/// The same stock through workers of two Python libraries, each as its users write them: Celery with a task for each
/// message, aio-pika with what has arrived in one transaction.
struct RivalsBenchmark {
    let bench: Bench

    private enum Rival: String, CaseIterable {
        case celery, aioPika = "aio-pika"

        /// Few enough that the slower one takes seconds.
        var share: Int { self == .celery ? 20 : 5 }
        var bar: Double { self == .celery ? 10 : 4 }
        var script: String { self == .celery ? "celery_stock.py" : "aio_pika_stock.py" }
    }

    func measure() async throws -> [Measurement] {
        guard let rivals = bench.rivals else {
            Progress.say("rivals skipped: there is no Python environment with Celery and aio-pika")
            return []
        }
        let lane = InventoryBenchmark.lane(bench)
        var (ours, theirs): ([LaneFigures], [Rival: [LaneFigures]]) = ([], [:])
        for _ in 0..<min(3, bench.scale.repetitions) {
            try await lane.supply(bench.scale.messages)
            ours.append(try await lane.runWorkers())
            for rival in Rival.allCases {
                let figures = try await run(rival, lane, rivals)
                Progress.say("rivals \(rival.rawValue) \(figures.summary)")
                theirs[rival, default: []].append(figures)
            }
        }
        return Rival.allCases.map { rival in
            Measurement(
                "stock, one inventory worker, against \(rival.rawValue)", ours.map(\.perSecond),
                against: theirs[rival, default: []].map(\.perSecond), "messages/s", bar: .ratioAtLeast(rival.bar))
        }
    }

    private func run(_ rival: Rival, _ lane: ProjectionLane, _ rivals: Bench.Rivals) async throws -> LaneFigures {
        let count = bench.scale.messages / rival.share
        try await lane.supply(rival == .aioPika ? count : 0)
        let program = try Program(
            rivals.python,
            [
                "\(rivals.scripts)/\(rival.script)", "--url", bench.url, "--count", "\(count)",
                "--database", bench.file("rival.db"),
            ] + (rival == .aioPika ? ["--queue", lane.type.queue] : []), environment: ["PYTHONDONTWRITEBYTECODE": "1"],
            on: bench)
        return try LaneFigures(line: try await program.finish())
    }
}
