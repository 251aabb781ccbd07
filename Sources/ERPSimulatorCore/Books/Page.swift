import Models

extension Books {
    /// The books inside one transaction.
    struct Page {
        let connection: Connection
        /// The company's clock, which may be wrong.
        let now: Timestamp
        /// Whether an order can have no more than there is.
        let isStockFinite: Bool

        /// The order that a store knows by this number.
        func order(storeNumber: String) throws -> Entry? {
            let sql = "SELECT document, content FROM orders WHERE store_number = ?"
            return try connection.run(sql, [.text(storeNumber)]).first.flatMap(Self.entry)
        }

        /// The order that the ERP knows by this number.
        func order(erpNumber: String) throws -> Entry? {
            let sql = "SELECT document, content FROM orders WHERE erp_number = ?"
            return try connection.run(sql, [.text(erpNumber)]).first.flatMap(Self.entry)
        }

        /// Orders of which something is left to send, oldest change first.
        func openOrders(limit: Int64) throws -> [Entry] {
            let sql = """
                SELECT document, content FROM orders WHERE state IN ('accepted', 'partially-shipped')
                ORDER BY version LIMIT ?
                """
            return try connection.run(sql, [.integer(limit)]).compactMap { try Self.entry($0) }
        }

        func nextOrderNumber() throws -> String {
            let digits = String(try next("order"))
            return "SO" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        }

        /// Writes an order at the next version of the books, and what its change from `old` does to stock and shipments.
        func save(_ order: StandingOrder, content: String, was old: StandingOrder?) throws -> StandingOrder {
            var order = order
            if isStockFinite { try Shelf(page: self).limit(&order, was: old) }
            let moves = StockMove.moves(from: old, to: order)
            let shipments = order.shipments.dropFirst(old?.shipments.count ?? 0)
            let last = try next("version", by: Int64(1 + moves.count + shipments.count))
            order.version = last - Int64(moves.count + shipments.count)
            order.changedAt = now.description
            try write(order, content)
            for (index, move) in moves.enumerated() { try self.move(move, version: order.version + 1 + Int64(index)) }
            for (index, shipment) in shipments.enumerated() {
                try put(
                    .shipments, shipment.number, JSON.text(shipment.document(of: order)), isOpen: true,
                    version: last - Int64(shipments.count - 1 - index))
            }
            return order
        }

        private func write(_ order: StandingOrder, _ content: String) throws {
            let sql = """
                INSERT INTO orders (erp_number, store_number, store_revision, version, state, content, document)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (erp_number) DO UPDATE SET store_revision = excluded.store_revision,
                    version = excluded.version, state = excluded.state, content = excluded.content,
                    document = excluded.document
                """
            try connection.run(
                sql,
                [
                    .text(order.erpNumber), SQLValue(order.storeNumber), SQLValue(order.storeRevision),
                    .integer(order.version), .text(order.state.rawValue), .text(content), .text(JSON.text(order)),
                ])
        }

        /// The last of `count` new values.
        func next(_ counter: String, by count: Int64 = 1) throws -> Int64 {
            let sql = "UPDATE counter SET value = value + ? WHERE name = ? RETURNING value"
            guard let value = try connection.run(sql, [.integer(count), .text(counter)]).first?.first?.integer else {
                throw SimulatorError.books("", "the counter \(counter) is missing")
            }
            return value
        }

        /// The value that was noted first.
        func note(_ name: String, _ value: Int64) throws -> Int64 {
            try connection.run("INSERT OR IGNORE INTO counter VALUES (?, ?)", [.text(name), .integer(value)])
            let rows = try connection.run("SELECT value FROM counter WHERE name = ?", [.text(name)])
            return rows.first?.first?.integer ?? value
        }

        /// False when the counter is there already.
        func grow(_ counter: String, to value: Int64) throws -> Bool {
            let sql = "UPDATE counter SET value = ?1 WHERE name = ?2 AND value <> ?1 RETURNING value"
            return try !connection.run(sql, [.integer(value), .text(counter)]).isEmpty
        }

        private static func entry(_ row: [SQLValue]) throws -> Entry? {
            guard let document = row[0].text, let content = row[1].text else { return nil }
            return Entry(order: try JSON.decode(StandingOrder.self, document), content: content)
        }
    }
}
