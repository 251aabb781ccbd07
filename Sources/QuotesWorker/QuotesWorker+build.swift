internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import RabbitMQ

/// Assembles the quotes worker from its settings; tests build the same one.
func buildQuotesWorker(_ configuration: Configuration) async throws(ProgramError) -> FleetProcess {
    let logger = ProgramLauncher.logger("quotes-worker", configuration)
    let assembly = try ERPAssembly(configuration)
    let store = StorefrontAssembly(configuration)
    let ledger = try await LedgerOpener(path: configuration.ledgerPath, logger: logger).openAtStart { ledger in
        // What the feed has brought is asked of the store's tables, which a worker may not have made yet.
        try await store.prepare(ledger)
        try await FleetTables.migrate(ledger)
        try await QuoteCacheTable.migrate(ledger)
    }
    let settings = configuration.quotes
    let name = QuoteName.make()
    let standing = ERPStanding(worker: name, ledger: ledger, logger: logger)
    // Whether the ERP is there must not wait behind the questions that it does not answer.
    let pulse = ERPPulse(probe: try assembly.erp(connections: 2), standing: standing)
    let shelf = QuoteShelf(
        ledger: ledger, settings: settings, hasStore: configuration.storefrontAdapters.contains(.database),
        logger: logger)
    let (gate, metrics) = (LiveGate(places: settings.erpCalls), QuoteMetrics())
    let live = LiveDesk(
        erp: try assembly.erp(connections: settings.erpCalls), gate: gate, standing: standing, pulse: pulse,
        metrics: metrics, learn: { shelf.learn($0.lessons(of: $1), at: $1.answeredAt) })
    let service = QuoteService(
        .init(
            queue: Catalogue.quoteRequested.queue, configuration: try brokerConfiguration(configuration, name),
            settings: settings, desk: AnswerDesk(settings: settings, shelf: shelf, live: live), shelf: shelf,
            standing: standing, pulse: pulse, gate: gate, metrics: metrics, logger: logger))
    return FleetProcess(
        name: "quotes-worker", configuration: configuration, flows: [], services: [service], ledger: ledger,
        logger: logger)
}

private func brokerConfiguration(
    _ configuration: Configuration, _ name: String
) throws(ProgramError) -> BrokerConfiguration {
    do throws(BrokerError) {
        return try BrokerConfiguration(configuration, connectionName: name)
    } catch {
        throw ProgramError(error)
    }
}

/// Names one running process, never two.
private enum QuoteName {
    static func make() -> String { "quotes-worker-\(MessageID.next())" }
}
