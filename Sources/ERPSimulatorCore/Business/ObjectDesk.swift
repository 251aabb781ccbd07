import Models

/// Changes single objects by hand: `POST /_simulator/changes/{kind}` with the members that change, and those that say which;
/// with these alone, `POST /_simulator/deletions/{kind}` deletes one.
struct ObjectDesk {
    /// Nil when the change names no object of that kind, or leaves none that could be told.
    func change(_ kind: ChangeKind, _ patch: JSONValue, in page: Books.Page) throws -> Reply? {
        switch kind {
        case .stock: return try changeStock(patch, in: page)
        case .products, .prices, .customers, .shipments:
            guard let key = Self.key(kind, patch) else { return nil }
            let standing = try page.object(kind, key).map { try JSON.decode(JSONValue.self, $0) }
            let changed = (standing ?? .object([:])).merged(with: patch)
            try page.put(kind, key, JSON.text(changed), isOpen: changed.text("state").map { $0 == "shipped" } ?? false)
            return .json(changed, effect: .moved)
        case .orders: return nil
        }
    }

    /// Deletes one, as if it had never been: no change tells so. Nil when there is none.
    func delete(_ kind: ChangeKind, _ names: JSONValue, in page: Books.Page) throws -> Reply? {
        if kind == .stock {
            guard let sku = names.text("sku"), let warehouse = names.text("warehouse"),
                try page.removeStock(sku, warehouse)
            else { return nil }
        } else {
            guard let key = Self.key(kind, names), try page.remove(kind, key) else { return nil }
        }
        return .json(names, effect: .moved)
    }

    private func changeStock(_ patch: JSONValue, in page: Books.Page) throws -> Reply? {
        guard let sku = patch.text("sku"), let warehouse = patch.text("warehouse") else { return nil }
        let standing = try page.stock(sku, warehouse) ?? StockRow(sku: sku, warehouse: warehouse, unit: "C62")
        let changed = try JSON.decode(JSONValue.self, JSON.text(standing.document)).merged(with: patch)
        guard let document = try? JSON.decode(StockDocument.self, JSON.text(changed)), let row = StockRow(document)
        else {
            return nil
        }
        try page.put(row)
        return .json(row.document, effect: .moved)
    }

    private static func key(_ kind: ChangeKind, _ patch: JSONValue) -> String? {
        switch kind {
        case .products: patch.text("sku")
        case .customers: patch.text("account")
        case .shipments: patch.text("number")
        case .prices: pricesKey(patch)
        case .orders, .stock: nil
        }
    }

    private static func pricesKey(_ patch: JSONValue) -> String? {
        guard let version = patch.text("priceVersion"), patch.text("account") != nil || patch.text("priceList") != nil
        else { return nil }
        return PricesDocument(
            account: patch.text("account"), priceList: patch.text("priceList"), priceVersion: version,
            part: patch.text("part"), currency: "", validFrom: "", prices: []
        ).key
    }
}

extension StockRow {
    /// Nil when a quantity is none.
    fileprivate init?(_ document: StockDocument) {
        guard let onHand = ExactDecimal(document.onHand), let reserved = ExactDecimal(document.reserved) else {
            return nil
        }
        self.init(sku: document.sku, warehouse: document.warehouse, unit: document.unit)
        self.onHand = Millionths(onHand)
        self.reserved = Millionths(reserved)
        incoming = document.incoming
        leadTimeDays = document.leadTimeDays
    }
}
