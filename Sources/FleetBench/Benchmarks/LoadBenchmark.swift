/// A whole company from the ERP to the store's tables: how long that takes, and that the memory of no process depends on how
/// large the company is.
struct LoadBenchmark {
    let bench: Bench

    /// What a process may need more for a company fifty times as large: page caches and queues that fill further.
    private static let growth = 10.0

    func measure() async throws -> [Measurement] {
        var measurements: [Measurement] = []
        var smallest: [String: Double] = [:]
        for company in bench.scale.companies {
            let run = try await load(company)
            let name = "\(company.skus) SKUs in \(Self.warehouses) warehouses"
            measurements += [
                Measurement("full load of \(name)", run.seconds, "s"),
                Measurement("messages applied in it, \(name)", Double(run.messages) / run.seconds, "messages/s"),
            ]
            for (program, resident) in run.resident.sorted(by: { $0.key < $1.key }) {
                measurements.append(Measurement("resident memory of \(program), \(name)", resident, "MB"))
                if let least = smallest[program] {
                    measurements.append(
                        Measurement(
                            "\(program): more than for the least", resident - least, "MB", bar: .atMost(Self.growth)))
                }
            }
            smallest.merge(run.resident) { least, _ in least }
        }
        return measurements
    }

    private static let warehouses = 3

    private struct Run {
        var seconds: Double
        var messages: Int64
        /// The most of each program, in megabytes.
        var resident: [String: Double]
    }

    private func load(_ company: Bench.Company) async throws -> Run {
        try await Warehouse(bench).layOut()
        let erp = try await Simulator.start(
            on: bench,
            [
                "--database", bench.file("erp.db"), "--catalogue", "\(company.skus)", "--accounts",
                "\(company.accounts)",
                "--price-lists", "\(company.priceLists)",
            ], within: .seconds(900))
        let ledger = bench.file("ledger.db")
        let start = WallClock.microseconds
        let programs = try [Bench.Product.inventory, .customers, .feed].map { product in
            (
                product.rawValue,
                try Worker.start(
                    product, on: bench, ledger: ledger, erp: erp.url, settings: product == .feed ? Self.pace : [:])
            )
        }
        var resident: [String: Double] = [:]
        let watch = LoadWatch(ledger: ledger)
        var messages: Int64?
        while messages == nil {
            for (name, program) in programs {
                guard let figures = ProcessFigures(of: program.process) else {
                    throw BenchError.failed(name, program.errors)
                }
                resident[name] = max(resident[name] ?? 0, figures.residentMegabytes)
            }
            try await Task.sleep(for: .milliseconds(500))
            messages = await watch.loaded()
        }
        let seconds = Double(WallClock.microseconds - start) / 1e6
        for (_, program) in programs { await program.stop() }
        await erp.stop()
        return Run(seconds: seconds, messages: messages ?? 0, resident: resident)
    }

    /// As fast as the ERP answers.
    private static let pace = ["FEED_RATE": "1000000", "FEED_PAGE_SIZE": "1000", "FEED_LOOK_BACK": "0s"]
}
