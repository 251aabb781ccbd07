/// Consuming and acknowledging 1 KB messages of a quorum queue, ours and C in turns.
struct ConsumeBenchmark {
    let bench: Bench
    private let queue = "bench.consume"

    func measure() async throws -> [Measurement] {
        let warehouse = try Warehouse(bench)
        var (ours, floor): ([LaneFigures], [LaneFigures]) = ([], [])
        for repetition in 0..<bench.scale.repetitions {
            // Whoever comes second finds a warmer broker: take turns.
            for isOurs in repetition.isMultiple(of: 2) ? [false, true] : [true, false] {
                try await warehouse.fill(queue: queue, with: bench.scale.messages)
                if isOurs { ours.append(try await run(ours: true)) } else { floor.append(try await run(ours: false)) }
            }
        }
        try await warehouse.delete(queue: queue)
        return Measurement.rateAndCPU("consume and ack 1 KB", ours, against: floor, bar: 0.9)
    }

    private func run(ours: Bool) async throws -> LaneFigures {
        let arguments = ["--url", bench.url, "--queue", queue, "--count", "\(bench.scale.messages)"]
        let program =
            ours
            ? try Program(bench.path(of: .bench), ["consume"] + arguments, on: bench)
            : try Program("\(bench.floors)/consume", arguments, on: bench)
        let figures = try LaneFigures(line: try await program.finish())
        Progress.say("consume \(ours ? "fleet" : "C    ") \(figures.summary)")
        return figures
    }
}
