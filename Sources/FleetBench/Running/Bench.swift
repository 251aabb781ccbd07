/// Where everything is that a benchmark needs, and how much of it to use.
struct Bench: Sendable {
    let url: String
    let floors: String
    let products: String
    let directory: String
    let scale: Scale
    /// The broker's process, where it is on this machine.
    var broker: Int32?
    var rivals: Rivals?

    /// Where the Python programs are, and what runs them.
    struct Rivals: Sendable {
        var python: String
        var scripts: String
    }

    /// The processor's time that the broker has used so far.
    var brokerCPUSeconds: Double? { broker.flatMap { ProcessFigures(of: $0)?.cpuSeconds } }

    /// How much is measured.
    struct Scale: Sendable {
        var repetitions: Int
        var messages: Int
        var calls: Int
        var backlog: Int
        /// How many orders wait for an ERP that is away.
        var drain: Int
        /// How many questions are asked.
        var questions: Int
        /// How many messages are watched until they can be read.
        var freshness: Int
        /// How long the memory is watched.
        var watch: Duration
        /// What is loaded whole.
        var companies: [Company]

        static let quick = Scale(
            repetitions: 3, messages: 40_000, calls: 8_000, backlog: 200_000, drain: 15_000, questions: 10_000,
            freshness: 3_000,
            watch: .seconds(60),
            companies: [.real])
        static let full = Scale(
            repetitions: 5, messages: 100_000, calls: 20_000, backlog: 1_000_000, drain: 50_000, questions: 100_000,
            freshness: 6_000,
            watch: .seconds(600),
            companies: [.real, .huge])
    }

    /// How large an ERP is.
    struct Company: Sendable {
        var skus: Int
        var accounts: Int
        var priceLists: Int

        static let real = Company(skus: 20_000, accounts: 2_000, priceLists: 50)
        static let huge = Company(skus: 1_000_000, accounts: 2_000, priceLists: 1)
    }

    /// The fleet's programs by the names of their products.
    enum Product: String {
        case worker = "orders-worker"
        case inventory = "inventory-worker"
        case customers = "customers-worker"
        case feed = "erp-feed"
        case quotes = "quotes-worker"
        case simulator = "erp-simulator"
        case letters = "dead-letter"
        case stevedore
        case bench = "FleetBench"
    }

    func path(of product: Product) -> String { "\(products)/\(product.rawValue)" }

    /// A file of its own for each use.
    func file(_ name: String) -> String { "\(directory)/\(UInt32.random(in: 0...UInt32.max))-\(name)" }
}
