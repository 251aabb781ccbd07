package import Ledger

/// An object as a table side has it.
package struct ShownObject: Hashable, Sendable {
    package var key: ShownKey
    /// Over all compared columns of all its rows.
    package var digest: ContentDigest

    package init(key: ShownKey, digest: ContentDigest) {
        self.key = key
        self.digest = digest
    }
}

/// The objects of one kind, read page by page in the order of their keys.
package struct ShownTables: Hashable, Sendable {
    package let kind: ShownKind
    /// Narrows ``ShownKind/stock``; nil for all warehouses.
    package let warehouse: String?

    package init(_ kind: ShownKind, warehouse: String? = nil) {
        self.kind = kind
        self.warehouse = kind == .stock ? warehouse : nil
    }

    /// The next objects behind a key, whichever of the kind's tables has rows of them; none at the end.
    package func page(after last: ShownKey?, limit: Int, _ snapshot: LedgerSnapshot) throws -> [ShownObject] {
        let keys = try keys(after: last, limit: limit, snapshot)
        // A key of bytes that are no text is read as another one: never go round in a circle.
        guard let end = keys.last, last.map({ $0 < end }) ?? true else { return [] }
        return try digests(of: keys, after: last, through: end, snapshot)
    }

    /// One object; nil when no table has a row of it.
    package func object(_ key: ShownKey, _ snapshot: LedgerSnapshot) throws -> ShownObject? {
        guard try kind.tables.contains(where: { try !rows(of: key, in: $0, limit: 1, snapshot).isEmpty }) else {
            return nil
        }
        return try digests(of: [key], after: nil, through: key, from: key, snapshot).first
    }

    // MARK: - Keys

    private func keys(after last: ShownKey?, limit: Int, _ snapshot: LedgerSnapshot) throws -> [ShownKey] {
        let width = kind.tables[0].key.count
        var values: [SQLValue] = []
        let arms = kind.tables.map { table in
            let wanted = condition(table, after: last, &values)
            return "SELECT \(table.key.joined(separator: ", ")) FROM \(table.name) WHERE \(wanted)"
        }
        let order = (1...width).map(String.init).joined(separator: ", ")
        values.append(.integer(Int64(limit)))
        let sql = arms.joined(separator: " UNION ") + " ORDER BY \(order) LIMIT ?"
        return try snapshot.query(text: sql, values) { ShownKey($0.texts(width)) }
    }

    private func condition(
        _ table: ShownTable, after last: ShownKey?, through end: ShownKey? = nil, from start: ShownKey? = nil,
        _ values: inout [SQLValue]
    ) -> String {
        var terms: [String] = []
        for (column, value) in table.fixed.sorted(by: { $0.key < $1.key }) {
            terms.append("\(column) = ?")
            values.append(.text(value))
        }
        if let warehouse {
            terms.append("warehouse = ?")
            values.append(.text(warehouse))
        }
        for (sign, key) in [(">", last), (">=", start), ("<=", end)] {
            guard let key else { continue }
            let marks = key.parts.map { _ in "?" }.joined(separator: ", ")
            terms.append("(\(table.key.joined(separator: ", "))) \(sign) (\(marks))")
            values += key.parts.map { .text($0) }
        }
        return terms.isEmpty ? "TRUE" : terms.joined(separator: " AND ")
    }

    // MARK: - Digests

    private func digests(
        of keys: [ShownKey], after last: ShownKey?, through end: ShownKey, from start: ShownKey? = nil,
        _ snapshot: LedgerSnapshot
    ) throws -> [ShownObject] {
        let digest = ObjectDigest()
        var parts = [[ContentDigest?]](repeating: [], count: keys.count)
        for (index, table) in kind.tables.enumerated() {
            let found = try tableDigests(table, index, after: last, through: end, from: start, digest, snapshot)
            for (place, key) in keys.enumerated() { parts[place].append(found[key]) }
        }
        return try zip(keys, parts).map { key, parts in
            digest.begin(0)
            for case let part? in parts { digest.add(part) }
            return ShownObject(key: key, digest: try digest.finished())
        }
    }

    /// One range of a table, object by object: no more than one object's rows are held.
    private func tableDigests(
        _ table: ShownTable, _ index: Int, after last: ShownKey?, through end: ShownKey, from start: ShownKey?,
        _ digest: ObjectDigest, _ snapshot: LedgerSnapshot
    ) throws -> [ShownKey: ContentDigest] {
        var values: [SQLValue] = []
        let width = table.key.count
        let wanted = condition(table, after: last, through: end, from: start, &values)
        let sql = """
            SELECT \((table.key + table.columns).joined(separator: ", ")) FROM \(table.name)
            WHERE \(wanted)
            ORDER BY \((table.key + table.order).joined(separator: ", "))
            """
        var found: [ShownKey: ContentDigest] = [:]
        var current: ShownKey?
        _ = try snapshot.query(text: sql, values) { (row) throws(LedgerError) in
            let key = ShownKey(row.texts(width))
            if key != current {
                if let done = current { found[done] = try digest.finished() }
                digest.begin(index + 1)
                current = key
            }
            for column in width..<(width + table.columns.count) { digest.add(column, of: row) }
        }
        if let done = current { found[done] = try digest.finished() }
        return found
    }
}

extension ObjectDigest {
    fileprivate func finished() throws(LedgerError) -> ContentDigest {
        guard let digest = finish() else { throw .sql(code: 0, message: "libcrypto has no SHA-256") }
        return digest
    }
}

extension SQLRow {
    /// The first columns.
    fileprivate func texts(_ count: Int) -> [String] {
        var texts: [String] = []
        for column in 0..<count { texts.append(text(column)) }
        return texts
    }
}
