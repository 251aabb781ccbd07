internal import ERP
internal import Fleet
internal import Ledger
internal import Logging

/// Assembles the feed from its settings; tests build the same one.
func buildERPFeed(_ configuration: Configuration) async throws(ProgramError) -> FleetProcess {
    let logger = ProgramLauncher.logger("erp-feed", configuration)
    let store = StorefrontAssembly(configuration)
    let erp = try ERPAssembly(configuration).erp(connections: 16)
    let ledger = try await LedgerOpener(path: configuration.ledgerPath, logger: logger).openAtStart { ledger in
        // What is shown is asked of tables that a worker may not have made yet.
        try await store.prepare(ledger)
        try await FeedTables.migrate(ledger)
    }
    let settings = FeedSettings(configuration)
    if !settings.isGuarded {
        logger.warning(
            "pages are not judged",
            metadata: [
                "reason": "what the store shows is not in the ledger",
                "remedy":
                    "Add `database` to `storefront.adapters` to have mistakes in the ERP held back, and deletions told.",
            ])
    }
    let service = FeedService(erp: erp, ledger: ledger, settings: settings, logger: logger)
    return FleetProcess(
        name: "erp-feed", configuration: configuration, flows: [], services: [service], ledger: ledger, logger: logger)
}

extension FeedSettings {
    fileprivate init(_ configuration: Configuration) {
        self.init(
            interval: configuration.feedInterval, pageSize: configuration.feedPageSize, rate: configuration.feedRate,
            lookBack: configuration.feedLookBack, fullRead: configuration.feedFullRead,
            limits: GuardLimits(configuration), isGuarded: configuration.storefrontAdapters.contains(.database))
    }
}

extension GuardLimits {
    fileprivate init(_ configuration: Configuration) {
        self.init(
            stockZeroed: configuration.guardStockZeroed, pricesMoved: configuration.guardPricesMoved,
            priceStep: configuration.guardPriceStep, pricesDropped: configuration.guardPricesDropped,
            rowsDropped: configuration.guardRowsDropped, minimum: configuration.guardMinimum)
    }
}
