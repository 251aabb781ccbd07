package import ERP
package import Ledger
internal import Models
package import Storefront

extension ERPChange {
    /// What tells objects of its kind apart, for those whose absence says that they are gone: orders and shipments stay
    /// what they were.
    package var keys: [String]? {
        switch self {
        case .product(let product): [product.sku]
        case .stock(let stock): [stock.sku, stock.warehouse]
        case .customer(let customer): [customer.account]
        case .prices(let prices): [prices.holder.kind, prices.holder.key, prices.priceVersion, prices.part ?? ""]
        case .order, .offlineOrder, .shipment: nil
        }
    }

    /// The same at another revision; orders and shipments have none but the ERP's.
    package func restated(at revision: Int64) -> ERPChange {
        switch self {
        case .product(var product):
            product.revision = revision
            return .product(product)
        case .stock(var stock):
            stock.revision = revision
            return .stock(stock)
        case .customer(var customer):
            customer.revision = revision
            return .customer(customer)
        case .prices(var prices):
            prices.revision = revision
            return .prices(prices)
        case .order, .offlineOrder, .shipment: return self
        }
    }
}

extension DatedChange {
    /// The same, so much ahead of the ERP's own revision; the greatest is the last.
    package func moved(by shift: Int64) -> DatedChange {
        let (revision, isTooGreat) = what.revision.addingReportingOverflow(shift)
        return DatedChange(what.restated(at: isTooGreat ? .max : revision), at: at)
    }
}

extension ERPChangeKind {
    /// How the store is told that an object with these ``ERPChange/keys`` is gone, after revision `told`. `today` in ISO 8601.
    package func withdrawal(
        of keys: [String], isAgain: Bool, after told: Int64, today: String, shown snapshot: LedgerSnapshot
    ) throws -> Withdrawal<ERPChange> {
        let store = DatabaseStorefront()
        switch (self, keys.count) {
        case (.products, 1):
            return try store.withdrawal(ofProduct: keys[0], after: told, isAgain: isAgain, snapshot).erased {
                .product($0)
            }
        case (.stock, 2):
            return try store.withdrawal(ofStock: keys[0], in: keys[1], after: told, isAgain: isAgain, snapshot)
                .erased { .stock($0) }
        case (.customers, 1):
            return try store.withdrawal(ofCustomer: keys[0], after: told, isAgain: isAgain, snapshot).erased {
                .customer($0)
            }
        case (.prices, 4):
            let holder = keys[0] == PriceHolder.account("").kind ? PriceHolder.account(keys[1]) : .priceList(keys[1])
            return try store.withdrawal(
                ofPrices: holder, version: keys[2], part: keys[3].isEmpty ? nil : keys[3], after: told,
                isAgain: isAgain, today: today, snapshot
            ).erased { .prices($0) }
        default: return .unknown
        }
    }
}

extension Withdrawal {
    /// The same for whatever kind of object.
    fileprivate func erased(_ change: (Object) -> ERPChange) -> Withdrawal<ERPChange> {
        switch self {
        case .unknown: .unknown
        case .needless: .needless
        case .told(let object): .told(change(object))
        }
    }
}
