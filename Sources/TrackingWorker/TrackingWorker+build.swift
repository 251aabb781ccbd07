internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Assembles the tracking worker from its settings; tests build the same one.
func buildTrackingWorker(_ configuration: Configuration) async throws(ProgramError) -> FleetProcess {
    let logger = ProgramLauncher.logger("tracking-worker", configuration)
    let storefront = DatabaseStorefront()
    let ledger = try await LedgerOpener(path: configuration.ledgerPath, logger: logger).openAtStart { ledger in
        try await DatabaseStorefront.migrate(ledger)
        try await storefront.show(configuration.trackingLinks, in: ledger)
    }
    let flow = Flow(
        queue: Catalogue.shipment.queue, handling: .projections([ShipmentHandler(storefront: storefront)]))
    return FleetProcess(
        name: "tracking-worker", configuration: configuration, flows: [flow], ledger: ledger, logger: logger)
}
