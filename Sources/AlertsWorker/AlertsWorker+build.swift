internal import Fleet
internal import Ledger
internal import Models

/// Assembles the alerts worker from its settings; tests build the same one.
func buildAlertsWorker(_ configuration: Configuration) async throws(ProgramError) -> FleetProcess {
    let logger = ProgramLauncher.logger("alerts-worker", configuration)
    let store = StorefrontAssembly(configuration)
    let ledger = try await LedgerOpener(path: configuration.ledgerPath, logger: logger).openAtStart { ledger in
        // What is expected of an order is asked of the store's tables, which a worker may not have made yet.
        try await store.prepare(ledger)
        try await FleetTables.migrate(ledger)
    }
    let book = AlertBook(configuration)
    var watchman = Watchman(
        ledger: ledger, book: book,
        posts: [
            ParkedPost(), GapPost(), BrokerPost(), OutagePost(patience: configuration.alertOutageAfter), DriftPost(),
            ExpectationPost(declared: configuration.expectations),
            DiskPost(path: configuration.ledgerPath, limits: configuration.alertDiskLimits),
        ], logger: logger)
    watchman.memory = configuration.retention.deadLetter
    return FleetProcess(
        name: "alerts-worker", configuration: configuration,
        flows: [
            Flow(queue: Catalogue.alertRaised.queue, handling: .projections([AlertHandler(book)]))
        ],
        services: [
            WatchService(watchman, logger: logger),
            BrokerWatch(ledger: ledger, look: try BrokerLook(configuration).look, logger: logger),
            BacklogWatch(ledger: ledger, queues: try QueueLook(configuration), logger: logger),
            ExpectationService(
                ExpectationWatch(
                    ledger: ledger, expectations: configuration.expectations,
                    adapters: configuration.storefrontAdapters, retention: configuration.retention.journal),
                queues: try QueueLook(configuration), logger: logger),
            try Courier.build(configuration, ledger, logger),
            try LedgerOutcry.build(configuration, ledger, logger),
        ], ledger: ledger, logger: logger)
}
