import Models

extension Books.Page {
    /// What a warehouse has of a product; nil when it never had any.
    func stock(_ sku: String, _ warehouse: String) throws -> StockRow? {
        let sql = """
            SELECT sku, warehouse, unit, on_hand, reserved, incoming, lead_time FROM stock
            WHERE sku = ? AND warehouse = ?
            """
        return try connection.run(sql, [.text(sku), .text(warehouse)]).first.map { try StockRow($0[...]) }
    }

    /// Writes a row at the next version of the books, which is returned.
    @discardableResult
    func put(_ row: StockRow) throws -> Int64 {
        let version = try next("version")
        try insert(row, version, now, orElse: Self.overwrite)
        return version
    }

    /// Writes a row that is not there.
    func add(_ row: StockRow, at moment: Timestamp) throws {
        try insert(row, try next("version"), moment, orElse: "ON CONFLICT DO NOTHING")
    }

    /// Deletes a row; false when there is none.
    func removeStock(_ sku: String, _ warehouse: String) throws -> Bool {
        let sql = "DELETE FROM stock WHERE sku = ? AND warehouse = ? RETURNING 1"
        return try !connection.run(sql, [.text(sku), .text(warehouse)]).isEmpty
    }

    /// Books what orders reserve and what leaves; a product that no warehouse has is left alone.
    func move(_ move: StockMove, version: Int64) throws {
        let sql = """
            UPDATE stock SET reserved = max(0, min(reserved + ?1, ?7)), on_hand = max(-?7, min(on_hand + ?2, ?7)),
                version = ?3, at = ?4 WHERE sku = ?5 AND warehouse = ?6
            """
        try connection.run(
            sql,
            [
                .integer(move.reserved.units), .integer(move.onHand.units), .integer(version),
                .integer(now.microseconds), .text(move.sku), .text(move.warehouse),
                .integer(Millionths.most.units),
            ])
    }

    /// One step along the index for each.
    func warehouses() throws -> [String] {
        var found: [String] = []
        let sql = "SELECT min(warehouse) FROM stock WHERE warehouse > ?"
        while let next = try connection.run(sql, [.text(found.last ?? "")]).first?.first?.text { found.append(next) }
        return found
    }

    private static let overwrite = """
        ON CONFLICT (sku, warehouse) DO UPDATE SET version = excluded.version, at = excluded.at, unit = excluded.unit,
            on_hand = excluded.on_hand, reserved = excluded.reserved, incoming = excluded.incoming,
            lead_time = excluded.lead_time
        """

    private func insert(_ row: StockRow, _ version: Int64, _ moment: Timestamp, orElse clause: String) throws {
        let sql = """
            INSERT INTO stock (sku, warehouse, version, at, unit, on_hand, reserved, incoming, lead_time)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) \(clause)
            """
        try connection.run(
            sql,
            [
                .text(row.sku), .text(row.warehouse), .integer(version), .integer(moment.microseconds), .text(row.unit),
                .integer(row.onHand.units), .integer(row.reserved.units),
                SQLValue(row.incoming.isEmpty ? nil : JSON.text(row.incoming)), SQLValue(row.leadTimeDays),
            ])
    }
}

extension StockRow {
    /// From the columns sku, warehouse, unit, on_hand, reserved, incoming and lead_time.
    init(_ columns: ArraySlice<SQLValue>) throws {
        let row = Array(columns)
        self.init(sku: row[0].text ?? "", warehouse: row[1].text ?? "", unit: row[2].text ?? "")
        onHand = Millionths(units: row[3].integer ?? 0)
        reserved = Millionths(units: row[4].integer ?? 0)
        incoming = try row[5].text.map { try JSON.decode([StockDocument.Incoming].self, $0) } ?? []
        leadTimeDays = row[6].integer
    }
}
