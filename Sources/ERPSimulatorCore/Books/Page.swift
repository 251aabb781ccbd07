extension Books {
    /// The books inside one transaction.
    struct Page {
        let connection: Connection

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

        /// What changed after a version, oldest first.
        func orders(after version: Int64, limit: Int) throws -> [StandingOrder] {
            let sql = "SELECT document, content FROM orders WHERE version > ? ORDER BY version LIMIT ?"
            let rows = try connection.run(sql, [.integer(version), .integer(Int64(limit))])
            return try rows.compactMap { try Self.entry($0)?.order }
        }

        func nextOrderNumber() throws -> String {
            let digits = String(try next("order"))
            return "SO" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        }

        /// Writes an order at the next version of the books.
        func save(_ order: StandingOrder, content: String) throws -> StandingOrder {
            var order = order
            order.version = try next("version")
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
            return order
        }

        private func next(_ counter: String) throws -> Int64 {
            let sql = "UPDATE counter SET value = value + 1 WHERE name = ? RETURNING value"
            guard let value = try connection.run(sql, [.text(counter)]).first?.first?.integer else {
                throw SimulatorError.books("", "the counter \(counter) is missing")
            }
            return value
        }

        private static func entry(_ row: [SQLValue]) throws -> Entry? {
            guard let document = row[0].text, let content = row[1].text else { return nil }
            return Entry(order: try JSON.decode(StandingOrder.self, document), content: content)
        }
    }
}
