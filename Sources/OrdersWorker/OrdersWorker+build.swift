internal import ERP
internal import Fleet
internal import HTTPClient
internal import Ledger
internal import Models
internal import Storefront

/// Assembles the orders worker from its settings; tests build the same one.
func buildOrdersWorker(
    _ configuration: Configuration, only direction: OrdersDirection? = nil
) async throws(ProgramError) -> FleetProcess {
    let ledger: Ledger
    let erp: any ERP
    do {
        ledger = try Ledger.open(path: configuration.ledgerPath)
        try await DatabaseStorefront.migrate(ledger)
        let client = try HTTPClient()
        erp = RESTAdapter(RESTConfiguration(configuration), client: client)
    } catch let error as LedgerError {
        throw ProgramError(error)
    } catch let error as HTTPError {
        throw ProgramError(code: error.code, sentence: error.sentence, remedy: error.remedy, exit: .failure)
    } catch {
        throw .unexpected(error)
    }
    let storefront = DatabaseStorefront()
    let flows: [OrdersDirection: Flow] = [
        .toERP: Flow(
            queue: Catalogue.orderPlaced.queue,
            handling: .calls([OrderHandler(erp: erp)], reachability: ERPReachability(erp: erp))),
        .toStore: Flow(
            queue: Catalogue.orderStatus.queue,
            handling: .projections([
                OrderStatusHandler(storefront: storefront), OfflineOrderHandler(storefront: storefront),
            ])),
    ]
    let chosen = OrdersDirection.allCases.filter { direction == nil || $0 == direction }.compactMap { flows[$0] }
    return FleetProcess(
        name: "orders-worker", configuration: configuration, flows: chosen, ledger: ledger,
        logger: ProgramLauncher.logger("orders-worker", configuration))
}

extension RESTConfiguration {
    fileprivate init(_ configuration: Configuration) {
        self.init(
            baseURL: configuration.erpURL, apiKey: configuration.erpToken,
            readTimeout: min(configuration.erpTimeout, .seconds(10)), writeTimeout: configuration.erpTimeout)
    }
}
