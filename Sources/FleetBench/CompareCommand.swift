internal import ArgumentParser
internal import FoundationEssentials

/// Runs the benchmarks one after the other and reports.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "compare", abstract: "Runs the benchmarks.")

    @Option(help: "The broker: amqp://user:password@host:port/vhost. Everything on it may be deleted.")
    var url: String

    @Option(help: "The directory of the C programs.")
    var floors: String

    @Option(help: "The directory of the fleet's programs.")
    var products: String

    @Option(help: "A directory for ledgers and outputs.")
    var directory: String

    @Option(help: "The broker's process, to tell what it costs.")
    var broker: Int32?

    @Option(help: "A Python that has Celery and aio-pika; without one they are left out.")
    var python: String?

    @Option(help: "The directory of the Python programs.")
    var scripts = "Sources/PythonRivals"

    @Option(
        help: "Only this benchmark; may be repeated: \(Benchmark.allCases.map(\.rawValue).joined(separator: ", ")).")
    var only: [Benchmark] = []

    @Flag(help: "One JSON object a line instead of a table.")
    var json = false

    @Flag(help: "Fewer messages and repetitions.")
    var quick = false

    func run() async throws {
        let bench = Bench(
            url: url, floors: floors, products: products, directory: directory, scale: quick ? .quick : .full,
            broker: broker, rivals: python.map { Bench.Rivals(python: $0, scripts: scripts) })
        var report = Report(isJSON: json)
        var failures = 0
        for benchmark in Benchmark.allCases where only.isEmpty || only.contains(benchmark) {
            Progress.say("\(benchmark.rawValue) …")
            do {
                try await report.add(benchmark.measure(on: bench))
            } catch {
                // The others are worth their time all the same.
                Progress.say("\(benchmark.rawValue) failed: \(error)")
                failures += 1
                Program.killAll()
            }
        }
        report.finish()
        if !report.isOk || failures > 0 { throw ExitCode(1) }
    }
}

/// What is measured, in this order.
enum Benchmark: String, CaseIterable, ExpressibleByArgument {
    case codec, consume, publish, projection, inventory, journal, freshness, questions, rivals, load, calls, drain,
        quotes, latency, memory, letters, why

    func measure(on bench: Bench) async throws -> [Measurement] {
        switch self {
        case .codec: try CodecBenchmark(bench: bench).measure()
        case .consume: try await ConsumeBenchmark(bench: bench).measure()
        case .publish: try await PublishBenchmark(bench: bench).measure()
        case .projection: try await ProjectionBenchmark(bench: bench).measure()
        case .inventory: try await InventoryBenchmark(bench: bench).measure()
        case .journal: try await JournalBenchmark(bench: bench).measure()
        case .freshness: try await FreshnessBenchmark(bench: bench).measure()
        case .questions: try await QuestionsBenchmark(bench: bench).measure()
        case .rivals: try await RivalsBenchmark(bench: bench).measure()
        case .load: try await LoadBenchmark(bench: bench).measure()
        case .calls: try await CallsBenchmark(bench: bench).measure()
        case .drain: try await DrainBenchmark(bench: bench).measure()
        case .quotes: try await QuotesBenchmark(bench: bench).measure()
        case .latency: try await LatencyBenchmark(bench: bench).measure()
        case .memory: try await MemoryBenchmark(bench: bench).measure()
        case .letters: try await LettersBenchmark(bench: bench).measure()
        case .why: try await WhyBenchmark(bench: bench).measure()
        }
    }
}
