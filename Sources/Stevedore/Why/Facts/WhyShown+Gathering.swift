internal import Ledger

extension LedgerSnapshot {
    /// What the store's tables show of a thing.
    func whyShown(_ thing: WhyThing) throws -> WhyShown {
        var shown = WhyShown(isThere: true)
        switch thing {
        case .order, .offlineOrder: try addOrder(thing, to: &shown)
        case .product(let sku): try addProduct(sku, to: &shown)
        case .account(let account): shown.account = try whyAccount(account)
        case .shipment(let id):
            shown.shipments = try rows(.shipment, .text(id)) { WhyShown.Shipment($0) }
            try addParcels(to: &shown)
        case .prices: break
        }
        return shown
    }

    /// An order's own row; nil where there is none.
    func whyOrder(_ thing: WhyThing) throws -> WhyShown.Order? {
        try rows(.order, .text(thing.subject), .text(thing.origin)) { WhyShown.Order($0) }.first
    }

    private func addOrder(_ thing: WhyThing, to shown: inout WhyShown) throws {
        let key = (SQLValue.text(thing.subject), SQLValue.text(thing.origin))
        shown.order = try whyOrder(thing)
        guard shown.order != nil else { return }
        shown.backorders = try rows(.backordered, key.0, key.1) { row in
            WhyShown.Backorder(sku: row.text(0), quantity: row.text(1), promised: row.optionalText(2))
        }
        shown.isRefused = try !rows(.refused, key.0, key.1) { $0.integer(0) }.isEmpty
        shown.states = try rows(.history, key.0, key.1) { row in
            WhyShown.State(
                at: WhyTime.microseconds(row.text(0)) ?? 0, state: row.text(1), reason: row.optionalText(2))
        }
        shown.shipments = try rows(.shipmentsOf, key.0, key.1) { WhyShown.Shipment($0) }
        try addParcels(to: &shown)
    }

    private func addParcels(to shown: inout WhyShown) throws {
        for index in shown.shipments.indices {
            shown.shipments[index].parcels = try rows(.parcels, .text(shown.shipments[index].id)) { $0.text(0) }
        }
    }

    private func addProduct(_ sku: String, to shown: inout WhyShown) throws {
        shown.product =
            try rows(.product, .text(sku)) { row in
                WhyShown.Product(
                    name: row.text(0), isActive: row.integer(1) != 0, replacement: row.optionalText(2),
                    price: row.optionalText(3).map { "\($0) \(row.text(4))" }, revision: row.integer(5),
                    changedAt: WhyTime.microseconds(row.text(6)) ?? 0)
            }.first
        shown.stocks = try rows(.stock, .text(sku)) { row in
            WhyShown.Stock(
                warehouse: row.text(0), available: row.text(1), unit: row.text(2), nextReceipt: row.optionalText(3),
                revision: row.integer(4), shownAt: row.integer(5))
        }
    }

    private func whyAccount(_ account: String) throws -> WhyShown.Account? {
        try rows(.account, .text(account)) { row in
            WhyShown.Account(
                name: row.text(0), terms: row.optionalText(1), mayPayLater: row.integer(2) != 0,
                hold: row.isNull(3) ? nil : row.optionalText(4) ?? row.text(3), isActive: row.integer(5) != 0,
                revision: row.integer(6), changedAt: WhyTime.microseconds(row.text(7)) ?? 0)
        }.first
    }
}

extension WhyShown.Order {
    fileprivate init(_ row: borrowing SQLRow) {
        self.init(
            erpNumber: row.optionalText(0), account: row.optionalText(1), purchaseOrderNumber: row.optionalText(2),
            placedAt: WhyTime.microseconds(row.optionalText(3)), state: row.text(4), reasonCode: row.optionalText(5),
            reason: row.optionalText(6), revision: row.integer(7), takenRevision: row.optionalInteger(8),
            answeredRevision: row.optionalInteger(9), changedAt: WhyTime.microseconds(row.text(10)) ?? 0,
            takenAt: row.optionalInteger(11))
    }
}

extension WhyShown.Shipment {
    fileprivate init(_ row: borrowing SQLRow) {
        self.init(
            id: row.text(0), number: row.text(1), origin: row.text(2), warehouse: row.text(3), state: row.text(4),
            carrier: row.optionalText(5), shipDate: row.optionalText(6),
            changedAt: WhyTime.microseconds(row.text(7)) ?? 0)
    }
}
