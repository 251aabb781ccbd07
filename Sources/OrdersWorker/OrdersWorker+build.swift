internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Assembles the orders worker from its settings; tests build the same one.
func buildOrdersWorker(
    _ configuration: Configuration, only direction: OrdersDirection? = nil
) async throws(ProgramError) -> FleetProcess {
    let assembly = try ERPAssembly(configuration)
    let logger = ProgramLauncher.logger("orders-worker", configuration)
    let store = StorefrontAssembly(configuration)
    let ledger = try await LedgerOpener(path: configuration.ledgerPath, logger: logger)
        .openAtStart(preparing: store.prepare)
    let erp = try assembly.erp(connections: configuration.erpConnections)
    // Whether the ERP is there must not wait behind the calls that it does not answer.
    let probe = try assembly.erp(connections: 2)
    let storefront = store.storefront
    let flows: [OrdersDirection: Flow] = [
        .taken: Flow(
            queue: Catalogue.takenOrders, handling: .projections([TakenOrderHandler(storefront: storefront)])),
        .toERP: Flow(
            queue: Catalogue.orderPlaced.queue,
            handling: .calls(
                [OrderHandler(erp: erp, withholdsCancelled: configuration.withholdsCancelledOrders)],
                reachability: ERPReachability(erp: probe))),
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

extension Configuration {
    /// Room for every call that a worker may have in flight: one that waits for a connection does so within its own
    /// time-out, and would pass for an ERP that does not answer.
    var erpConnections: Int { callPrefetch + 8 }
}
