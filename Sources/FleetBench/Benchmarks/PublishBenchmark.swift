/// Publishing 1 KB messages with confirms to a quorum queue, ours and C in turns, at equal windows.
struct PublishBenchmark {
    let bench: Bench
    private let queue = "bench.publish"

    func measure() async throws -> [Measurement] {
        let warehouse = try Warehouse(bench)
        var measurements: [Measurement] = []
        for (window, share, bar) in [(1_000, 1, 0.9), (100, 1, 0.9), (1, 20, nil)] as [(Int, Int, Double?)] {
            let count = bench.scale.messages / 2 / share
            var (ours, floor): ([LaneFigures], [LaneFigures]) = ([], [])
            for repetition in 0..<bench.scale.repetitions {
                for isOurs in repetition.isMultiple(of: 2) ? [false, true] : [true, false] {
                    try await warehouse.fill(queue: queue, with: 0)
                    let figures = try await run(ours: isOurs, count: count, window: window)
                    if isOurs { ours.append(figures) } else { floor.append(figures) }
                }
            }
            measurements += Measurement.rateAndCPU(
                "publish 1 KB with confirms, window \(window)", ours, against: floor, bar: bar)
        }
        try await warehouse.delete(queue: queue)
        return measurements
    }

    private func run(ours: Bool, count: Int, window: Int) async throws -> LaneFigures {
        let arguments = ["--url", bench.url, "--routing-key", queue, "--count", "\(count)", "--window", "\(window)"]
        let program =
            ours
            ? try Program(bench.path(of: .bench), ["publish"] + arguments, on: bench)
            : try Program("\(bench.floors)/publish", arguments, on: bench)
        let figures = try LaneFigures(line: try await program.finish())
        Progress.say("publish \(ours ? "fleet" : "C    ") window \(window) \(figures.summary)")
        return figures
    }
}

extension LaneFigures {
    var summary: String { "\(perSecond.short)/s, \(cpuMicroseconds.short) µs CPU each" }
}

extension Measurement {
    /// Messages a second, which has a bar, and CPU time for each, which explains it.
    static func rateAndCPU(
        _ name: String, _ ours: [LaneFigures], against floor: [LaneFigures], bar: Double?
    ) -> [Measurement] {
        [
            Measurement(
                "\(name), against C", ours.map(\.perSecond), against: floor.map(\.perSecond), "messages/s",
                bar: bar.map(Bar.ratioAtLeast) ?? .none),
            Measurement(
                "\(name), CPU, against C", ours.map(\.cpuMicroseconds), against: floor.map(\.cpuMicroseconds),
                "µs/message"),
        ]
    }
}
