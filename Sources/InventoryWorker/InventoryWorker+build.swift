internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Assembles the inventory worker from its settings; tests build the same one.
func buildInventoryWorker(_ configuration: Configuration) async throws(ProgramError) -> FleetProcess {
    let logger = ProgramLauncher.logger("inventory-worker", configuration)
    let store = StorefrontAssembly(configuration)
    let ledger = try await LedgerOpener(path: configuration.ledgerPath, logger: logger).openAtStart { ledger in
        try await store.prepare(ledger)
        guard configuration.storefrontAdapters.contains(.database) else { return }
        try await DatabaseStorefront().show(buffers: configuration.safetyBuffers, in: ledger)
    }
    let storefront = store.storefront
    let flow = Flow(
        queue: Catalogue.stock.queue,
        handling: .projections([ProductHandler(storefront: storefront), StockHandler(storefront: storefront)]))
    return FleetProcess(
        name: "inventory-worker", configuration: configuration, flows: [flow],
        services: try store.services(ledger, logger), ledger: ledger, logger: logger)
}
