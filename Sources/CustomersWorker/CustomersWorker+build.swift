internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Assembles the customers worker from its settings; tests build the same one.
func buildCustomersWorker(_ configuration: Configuration) async throws(ProgramError) -> FleetProcess {
    let logger = ProgramLauncher.logger("customers-worker", configuration)
    let ledger = try await LedgerOpener(path: configuration.ledgerPath, logger: logger)
        .openAtStart(preparing: DatabaseStorefront.migrate)
    let storefront = DatabaseStorefront()
    let flow = Flow(
        queue: Catalogue.customer.queue,
        handling: .projections([
            CustomerHandler(storefront: storefront), ContractPricesHandler(storefront: storefront),
        ]))
    return FleetProcess(
        name: "customers-worker", configuration: configuration, flows: [flow], ledger: ledger, logger: logger)
}
