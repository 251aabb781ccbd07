internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Assembles the customers worker from its settings; tests build the same one.
func buildCustomersWorker(_ configuration: Configuration) async throws(ProgramError) -> FleetProcess {
    let logger = ProgramLauncher.logger("customers-worker", configuration)
    let store = StorefrontAssembly(configuration)
    let ledger = try await LedgerOpener(path: configuration.ledgerPath, logger: logger)
        .openAtStart(preparing: store.prepare)
    let storefront = store.storefront
    let flow = Flow(
        queue: Catalogue.customer.queue,
        handling: .projections([
            CustomerHandler(storefront: storefront), ContractPricesHandler(storefront: storefront),
        ]))
    return FleetProcess(
        name: "customers-worker", configuration: configuration, flows: [flow],
        services: try store.services(ledger, logger), ledger: ledger, logger: logger)
}
