extension RESTAdapter {
    /// Asks for `/warehouses`.
    public func warehouses() async throws(ERPError) -> [String] {
        switch try await exchange.read("/warehouses", as: WireWarehouses.self) {
        case .success(let wire): return try wire.codes()
        case .problem(let problem): throw problem.unexpected(isWrite: false)
        }
    }

    /// Asks for a page of changes.
    public func changes(
        of kind: ERPChangeKind, in warehouse: String?, since cursor: String?, limit: Int
    ) async throws(ERPError) -> ERPChanges {
        var path = "/changes/\(kind.rawValue)?limit=\(max(1, limit))"
        if let warehouse { path += "&warehouse=\(PercentEncoding.encode(warehouse))" }
        if let cursor { path += "&since=\(PercentEncoding.encode(cursor))" }
        switch kind {
        case .orders: return try await page(path, of: WireERPOrder.self)
        case .products: return try await page(path, of: WireProduct.self)
        case .stock: return try await page(path, of: WireStock.self)
        case .prices: return try await page(path, of: WirePrices.self)
        case .customers: return try await page(path, of: WireCustomer.self)
        case .shipments: return try await page(path, of: WireShipment.self)
        }
    }

    private func page<Object: WireObject>(
        _ path: String, of type: Object.Type
    ) async throws(ERPError) -> ERPChanges {
        switch try await exchange.read(path, as: WireChanges<Object>.self) {
        case .success(let wire): return wire.value()
        case .problem(let problem): throw problem.unexpected(isWrite: false)
        }
    }
}
