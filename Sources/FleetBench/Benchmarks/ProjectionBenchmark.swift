internal import Models

/// The whole road of a projection: the orders worker on `order.status.v1`, against C.
struct ProjectionBenchmark {
    let bench: Bench

    func measure() async throws -> [Measurement] {
        let lane = ProjectionLane(
            bench: bench, floor: "project", product: .worker, only: "to-store", type: Catalogue.orderStatus,
            message: { try Supplies.status($0) })
        var (ours, floor): ([LaneFigures], [LaneFigures]) = ([], [])
        for repetition in 0..<bench.scale.repetitions {
            for isOurs in repetition.isMultiple(of: 2) ? [false, true] : [true, false] {
                try await lane.supply(bench.scale.messages)
                let figures = try await isOurs ? lane.runWorkers() : lane.runFloor()
                Progress.say("projection \(isOurs ? "fleet" : "C    ") \(figures.summary)")
                if isOurs { ours.append(figures) } else { floor.append(figures) }
            }
        }
        return Measurement.rateAndCPU("whole road of a projection", ours, against: floor, bar: 0.6)
    }
}
