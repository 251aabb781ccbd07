internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Assembles the tracking worker from its settings; tests build the same one.
func buildTrackingWorker(_ configuration: Configuration) async throws(ProgramError) -> FleetProcess {
    let logger = ProgramLauncher.logger("tracking-worker", configuration)
    let store = StorefrontAssembly(configuration)
    let ledger = try await LedgerOpener(path: configuration.ledgerPath, logger: logger).openAtStart { ledger in
        try await store.prepare(ledger)
        guard configuration.storefrontAdapters.contains(.database) else { return }
        try await DatabaseStorefront().show(configuration.trackingLinks, in: ledger)
    }
    let flow = Flow(
        queue: Catalogue.shipment.queue, handling: .projections([ShipmentHandler(storefront: store.storefront)]))
    return FleetProcess(
        name: "tracking-worker", configuration: configuration, flows: [flow],
        services: try store.services(ledger, logger), ledger: ledger, logger: logger)
}
