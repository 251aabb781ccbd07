public import Ledger
public import Models

extension DatabaseStorefront {
    /// Writes the shipment, its lines and its parcels.
    public func show(_ shipment: Shipment, at time: Timestamp, in transaction: LedgerTransaction) throws {
        let origin = shipment.order.origin
        try requireOrder(shipment.order, in: transaction)
        try transaction.execute(
            """
            INSERT OR REPLACE INTO store_shipment (id, number, origin, warehouse, state, carrier, service, ship_date,
                revision, changed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { bind in
            bind.text(shipment.id)
            bind.text(shipment.order.number)
            bind.text(origin.rawValue)
            bind.text(shipment.warehouse)
            bind.text(shipment.state.rawValue)
            bind.text(shipment.carrier)
            bind.text(shipment.service)
            bind.text(shipment.shipDate?.description)
            bind.integer(shipment.revision)
            bind.text(time.description)
        }
        // Each revision restates everything, so that nothing of an earlier one is kept.
        try replaceLines(of: shipment, in: transaction)
        try replaceParcels(of: shipment, in: transaction)
    }

    func requireOrder(_ order: OrderReference, in snapshot: LedgerSnapshot) throws {
        let isThere = try snapshot.first(
            "SELECT 1 FROM store_order WHERE number = ? AND origin = ?", .text(order.number),
            .text(order.origin.rawValue)
        ) { $0.integer(0) }
        if isThere == nil { throw StorefrontError.orderUnknown(order) }
    }

    private func replaceLines(of shipment: Shipment, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_shipment_line WHERE shipment = ?") { $0.text(shipment.id) }
        for (position, line) in shipment.lines.enumerated() {
            try transaction.execute(
                "INSERT INTO store_shipment_line (shipment, position, line_id, sku, quantity) VALUES (?, ?, ?, ?, ?)"
            ) { bind in
                bind.text(shipment.id)
                bind.integer(Int64(position))
                bind.text(line.lineID)
                bind.text(line.sku)
                bind.text(line.quantity.description)
            }
        }
    }

    private func replaceParcels(of shipment: Shipment, in transaction: LedgerTransaction) throws {
        try transaction.execute("DELETE FROM store_parcel WHERE shipment = ?") { $0.text(shipment.id) }
        for (position, number) in shipment.trackingNumbers.enumerated() {
            try transaction.execute(
                "INSERT INTO store_parcel (shipment, position, tracking_number) VALUES (?, ?, ?)"
            ) { bind in
                bind.text(shipment.id)
                bind.integer(Int64(position))
                bind.text(number)
            }
        }
    }
}

extension OrderReference {
    fileprivate var origin: DatabaseStorefront.Origin {
        switch self {
        case .online: .online
        case .offline: .offline
        }
    }
}
