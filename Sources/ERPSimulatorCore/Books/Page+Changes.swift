extension Books.Page {
    /// A page is full when it has this many bytes, whatever the limit allows: an answer has a bound too.
    private static let mostBytes = 1 << 20
    /// Up to here, what follows is counted; beyond, it is estimated, so that no page takes long.
    private static let mostCounted: Int64 = 20_000

    /// What changed after a version.
    func changes(of kind: ChangeKind, in warehouse: String?, after version: Int64, limit: Int) throws -> ChangedRows {
        let source = ChangeSource(kind, warehouse)
        let sql = "SELECT \(source.columns) FROM \(source.place) AND version > ?1 ORDER BY version LIMIT ?2"
        var found = ChangedRows(rows: [], hasMore: false, remaining: 0)
        var bytes = 0
        try connection.each(sql, [.integer(version), .integer(Int64(limit) + 1)] + source.values) { row in
            guard found.rows.count < limit, bytes < Self.mostBytes else {
                found.hasMore = true
                return false
            }
            let change = try source.change(row)
            bytes += change.size
            found.rows.append(change)
            return true
        }
        if found.hasMore { found.remaining = try remaining(source, after: found.rows.last?.version ?? version) }
        return found
    }

    /// The last changes up to a version, oldest first.
    func changes(of kind: ChangeKind, in warehouse: String?, upTo version: Int64, limit: Int) throws -> [ChangedRow] {
        let source = ChangeSource(kind, warehouse)
        let sql = "SELECT \(source.columns) FROM \(source.place) AND version <= ?1 ORDER BY version DESC LIMIT ?2"
        let rows = try connection.run(sql, [.integer(version), .integer(Int64(limit))] + source.values)
        return try rows.map { try source.change($0) }.reversed()
    }

    private func remaining(_ source: ChangeSource, after version: Int64) throws -> Int64 {
        let sql = """
            SELECT count(*), min(version), max(version) FROM
            (SELECT version FROM \(source.place) AND version > ?1 ORDER BY version LIMIT ?2)
            """
        let values = [.integer(version), .integer(Self.mostCounted)] + source.values
        guard let row = try connection.run(sql, values).first, let count = row[0].integer else { return 0 }
        guard count == Self.mostCounted, let first = row[1].integer, let last = row[2].integer, last > first else {
            return count
        }
        let newest = "SELECT version FROM \(source.place) AND version > ?1 ORDER BY version DESC LIMIT ?2"
        let end =
            try connection.run(newest, [.integer(last), .integer(1)] + source.values).first?.first?.integer ?? last
        return count + Int64(Double(end - last) * Double(count) / Double(last - first))
    }
}

/// Where changes of a kind are kept: each is read along one index.
struct ChangeSource {
    let columns: String
    /// From where, and which; parameters from ?3.
    let place: String
    let values: [SQLValue]
    private let kind: ChangeKind

    init(_ kind: ChangeKind, _ warehouse: String?) {
        self.kind = kind
        switch (kind, warehouse) {
        case (.orders, _): (columns, place, values) = ("version, 0, document", "orders WHERE 1", [])
        case (.stock, nil): (columns, place, values) = (Self.stock, "stock WHERE 1", [])
        case (.stock, let warehouse?):
            (columns, place, values) = (Self.stock, "stock WHERE warehouse = ?3", [.text(warehouse)])
        default:
            (columns, place, values) = ("version, at, document", "objects WHERE kind = ?3", [.text(kind.rawValue)])
        }
    }

    private static let stock =
        "version, at, sku, warehouse, unit, on_hand, reserved, incoming, lead_time"

    func change(_ row: [SQLValue]) throws -> ChangedRow {
        let content: ChangedRow.Content =
            switch kind {
            case .orders: .whole(row[2].text ?? "")
            case .stock: .stock(try StockRow(row[2...]))
            default: .document(row[2].text ?? "")
            }
        return ChangedRow(version: row[0].integer ?? 0, at: row[1].integer ?? 0, content: content)
    }
}

extension ChangedRow {
    fileprivate var size: Int {
        switch content {
        case .document(let text), .whole(let text): text.utf8.count
        case .stock: 200
        }
    }
}
