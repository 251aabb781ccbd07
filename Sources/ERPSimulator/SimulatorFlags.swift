import ArgumentParser
import ERPSimulatorCore
import FoundationEssentials
import Models

/// The flags, and the options that they mean.
struct SimulatorFlags: ParsableArguments {
    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes any free one.")
    var port = 8090

    @Option(help: "A second port for /_simulator, open also when the ERP is down; 0 takes any free one.")
    var controlPort = 0

    @Option(help: "The SQLite file of the books; in memory without.")
    var database: String?

    @Option(
        help: "Requests need this key as a bearer token. Others can read a command line: see also --api-key-file.")
    var apiKey: String?

    @Option(help: "A file with the key; else the variable ERP_SIMULATOR_API_KEY holds it.")
    var apiKeyFile: String?

    @Option(help: "How many accounts, from C-10001.")
    var accounts = 40

    @Option(help: "How many products per family, from FST-0001.")
    var products = 20

    @Option(help: "How many SKUs at least, in all families together; instead of --products.")
    var catalogue: Int?

    @Option(help: "How many price lists, from PL-01; accounts take turns with them.")
    var priceLists = 4

    @Option(help: "The day that new books count their dates from, as YYYY-MM-DD; today without.")
    var today: String?

    @Flag(
        help:
            "Orders use stock up, and are backordered for what is not there; else the same order always gets the same answer."
    )
    var finiteStock = false

    @Option(help: "How long an answer takes: 50ms, uniform:20ms,80ms, normal:50ms,10ms or exponential:50ms.")
    var latency: String?

    @Option(help: "How many requests there is room for at once; more are refused.")
    var capacity: Int?

    @Option(help: "What a request beyond the capacity is answered: 429 or 503.")
    var overCapacity = 429

    @Option(help: "Seconds in the Retry-After of such an answer; none without.")
    var retryAfter: Int?

    @Option(help: "The share of requests that fail with status 500, 0 to 1.")
    var errorRate: Double?

    @Option(help: "Makes chance repeatable: faults, catalogue and activity.")
    var seed: UInt64 = 1

    @Option(help: "A fault as kind=…,setting=…; may be repeated.")
    var fault: [String] = []

    func options(environment: [String: String]) throws(SimulatorError) -> SimulatorOptions {
        try check()
        return SimulatorOptions(
            host: host, port: port, controlPort: controlPort, database: database, apiKey: try key(environment),
            masterData: masterData, today: try day(), isStockFinite: finiteStock, faults: try rules())
    }

    private var masterData: MasterData {
        MasterData(
            accounts: accounts,
            productsPerFamily: catalogue.map { MasterData.productsPerFamily(catalogue: $0) } ?? products,
            priceLists: priceLists, seed: seed)
    }

    private func day() throws(SimulatorError) -> CalendarDate? {
        guard let today else { return nil }
        guard let day = CalendarDate(today) else {
            throw .invalidFlag("--today is \(today), but must be a day such as 2026-03-02")
        }
        return day
    }

    private func check() throws(SimulatorError) {
        for (name, value) in [("port", port), ("control-port", controlPort)] where !(0...65_535).contains(value) {
            throw .invalidFlag("--\(name) is \(value), but must be a port from 0 to 65535")
        }
        let sizes = [
            ("accounts", accounts, 1_000_000), ("products", products, 1_000_000),
            ("catalogue", catalogue ?? 0, 8_000_000),
            ("price-lists", priceLists, 1_000),
        ]
        for (name, value, most) in sizes where !(0...most).contains(value) {
            throw .invalidFlag("--\(name) is \(value), but must be from 0 to \(most)")
        }
    }

    private func key(_ environment: [String: String]) throws(SimulatorError) -> String? {
        if let apiKey { return apiKey }
        guard let apiKeyFile else { return environment["ERP_SIMULATOR_API_KEY"].flatMap { $0.isEmpty ? nil : $0 } }
        guard let text = try? String(contentsOfFile: apiKeyFile, encoding: .utf8),
            let key = text.split(whereSeparator: \.isWhitespace).first
        else { throw .invalidFlag("--api-key-file names \(apiKeyFile), which holds no key") }
        return String(key)
    }

    private func rules() throws(SimulatorError) -> [FaultRule] {
        var rules: [FaultRule] = []
        if let latency {
            var rule = FaultRule(.latency)
            rule.latency = try Latency(text: latency)
            rule.seed = seed
            rules.append(rule)
        }
        if let capacity {
            var rule = FaultRule(.capacity)
            rule.limit = capacity
            rule.status = overCapacity
            rule.retryAfter = retryAfter
            rules.append(rule)
        }
        if let errorRate {
            var rule = FaultRule(.error)
            rule.probability = errorRate
            rule.seed = seed
            rules.append(rule)
        }
        for flag in fault { rules.append(try FaultRule(flag: flag)) }
        return rules
    }
}
