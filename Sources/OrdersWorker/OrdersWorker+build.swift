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
    let rest = RESTConfiguration(configuration)
    try rest.check()
    let logger = ProgramLauncher.logger("orders-worker", configuration)
    let store = StorefrontAssembly(configuration)
    let ledger = try await LedgerOpener(path: configuration.ledgerPath, logger: logger)
        .openAtStart(preparing: store.prepare)
    let erp: any ERP
    let probe: any ERP
    do throws(HTTPError) {
        erp = RESTAdapter(rest, client: try HTTPClient(configuration.clientForCalls))
        // Whether the ERP is there must not wait behind the calls that it does not answer.
        probe = RESTAdapter(rest, client: try HTTPClient(.init(maxConnectionsPerHost: 2)))
    } catch {
        throw ProgramError(code: error.code, sentence: error.sentence, remedy: error.remedy, exit: .failure)
    }
    let storefront = store.storefront
    let flows: [OrdersDirection: Flow] = [
        .taken: Flow(
            queue: Catalogue.takenOrders, handling: .projections([TakenOrderHandler(storefront: storefront)])),
        .toERP: Flow(
            queue: Catalogue.orderPlaced.queue,
            handling: .calls([OrderHandler(erp: erp)], reachability: ERPReachability(erp: probe))),
        .toStore: Flow(
            queue: Catalogue.orderStatus.queue,
            handling: .projections([
                OrderStatusHandler(storefront: storefront), OfflineOrderHandler(storefront: storefront),
            ])),
    ]
    let chosen = OrdersDirection.allCases.filter { direction == nil || $0 == direction }.compactMap { flows[$0] }
    return FleetProcess(
        name: "orders-worker", configuration: configuration, flows: chosen,
        services: direction == .toERP ? [] : try store.services(ledger, logger), ledger: ledger, logger: logger)
}

extension RESTConfiguration {
    fileprivate init(_ configuration: Configuration) {
        self.init(
            baseURL: configuration.erpURL, apiKey: configuration.erpToken,
            readTimeout: min(configuration.erpTimeout, .seconds(10)), writeTimeout: configuration.erpTimeout)
    }

    /// The address is checked here too: a wrong one would show only when the first order waits.
    func check() throws(ProgramError) {
        guard let allowed = addressFault else { return }
        let fault = ConfigurationFault.wrongValue(
            key: "erp.rest.url", value: shownURL, origin: "configuration", allowed: allowed)
        throw ProgramError(
            code: "configuration", sentence: fault.description,
            remedy: "`stevedore config check` shows every setting and where it comes from.", exit: .configuration)
    }
}

extension Configuration {
    /// Room for every call that a worker may have in flight: one that waits for a connection does so within its own
    /// time-out, and would pass for an ERP that does not answer.
    var clientForCalls: HTTPClient.Configuration {
        HTTPClient.Configuration(maxConnectionsPerHost: callPrefetch + 8)
    }
}
