internal import Models

/// Stock on its way to the store's tables: one inventory worker and two, against C, and what it costs worker and broker.
struct InventoryBenchmark {
    let bench: Bench

    private enum Contestant: String { case floor = "C      ", one = "fleet  ", two = "fleet×2" }

    static func lane(_ bench: Bench) -> ProjectionLane {
        ProjectionLane(
            bench: bench, floor: "stock", product: .inventory, type: Catalogue.stock,
            message: { try Supplies.stock($0) })
    }

    func measure() async throws -> [Measurement] {
        let lane = Self.lane(bench)
        var runs: [Contestant: [LaneFigures]] = [:]
        var brokerCPU: [Double] = []
        for repetition in 0..<bench.scale.repetitions {
            let order: [Contestant] = [.floor, .one, .two]
            for contestant in repetition.isMultiple(of: 2) ? order : order.reversed() {
                try await lane.supply(bench.scale.messages)
                let before = bench.brokerCPUSeconds
                let figures = try await run(contestant, lane)
                Progress.say("inventory \(contestant.rawValue) \(figures.summary)")
                runs[contestant, default: []].append(figures)
                guard contestant == .one, let before, let after = bench.brokerCPUSeconds else { continue }
                brokerCPU.append(after - before)
            }
        }
        let (floor, one, two) = (runs[.floor] ?? [], runs[.one] ?? [], runs[.two] ?? [])
        let scale = 10_000 / Double(bench.scale.messages)
        var report = Measurement.rateAndCPU("stock, one inventory worker", one, against: floor, bar: 0.6)
        report.append(
            Measurement(
                "stock, two inventory workers, against one", two.map(\.perSecond), against: one.map(\.perSecond),
                "messages/s", bar: .ratioAtLeast(1)))
        report.append(
            Measurement("the worker's CPU for 10,000 of stock", one.map { $0.cpuSeconds * scale }.median, "s"))
        if !brokerCPU.isEmpty {
            report.append(Measurement("the broker's CPU for the same", brokerCPU.map { $0 * scale }.median, "s"))
        }
        return report
    }

    private func run(_ contestant: Contestant, _ lane: ProjectionLane) async throws -> LaneFigures {
        switch contestant {
        case .floor: try await lane.runFloor()
        case .one: try await lane.runWorkers()
        case .two: try await lane.runWorkers(2)
        }
    }
}
