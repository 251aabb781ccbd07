import Models

extension Books.Page {
    /// The document of a product, a part of prices, an account or a shipment.
    func object(_ kind: ChangeKind, _ key: String) throws -> String? {
        let sql = "SELECT document FROM objects WHERE kind = ? AND key = ?"
        return try connection.run(sql, [.text(kind.rawValue), .text(key)]).first?.first?.text
    }

    /// Writes one at the next version of the books, which is returned. What is open is found again by ``openObjects(_:limit:)``.
    @discardableResult
    func put(_ kind: ChangeKind, _ key: String, _ document: String, isOpen: Bool = false) throws -> Int64 {
        let version = try next("version")
        try put(kind, key, document, isOpen: isOpen, version: version)
        return version
    }

    func put(_ kind: ChangeKind, _ key: String, _ document: String, isOpen: Bool, version: Int64) throws {
        let sql = """
            INSERT INTO objects (kind, key, version, at, is_open, document) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (kind, key) DO UPDATE SET version = excluded.version, at = excluded.at,
                is_open = excluded.is_open, document = excluded.document
            """
        try connection.run(
            sql,
            [
                .text(kind.rawValue), .text(key), .integer(version), .integer(now.microseconds),
                .integer(isOpen ? 1 : 0), .text(document),
            ])
    }

    /// Writes one that is not there; false when it is.
    func add(_ kind: ChangeKind, _ key: String, _ document: String, at moment: Timestamp) throws -> Bool {
        let sql = """
            INSERT OR IGNORE INTO objects (kind, key, version, at, is_open, document) VALUES (?, ?, ?, ?, 0, ?)
            RETURNING 1
            """
        let version = try next("version")
        let values: [SQLValue] = [
            .text(kind.rawValue), .text(key), .integer(version), .integer(moment.microseconds), .text(document),
        ]
        return try !connection.run(sql, values).isEmpty
    }

    /// Deletes one; false when there is none.
    func remove(_ kind: ChangeKind, _ key: String) throws -> Bool {
        let sql = "DELETE FROM objects WHERE kind = ? AND key = ? RETURNING 1"
        return try !connection.run(sql, [.text(kind.rawValue), .text(key)]).isEmpty
    }

    /// The keys of those that somebody still has to do something about, oldest change first.
    func openObjects(_ kind: ChangeKind, limit: Int64) throws -> [String] {
        let sql = "SELECT key FROM objects WHERE kind = ? AND is_open = 1 ORDER BY version LIMIT ?"
        return try connection.run(sql, [.text(kind.rawValue), .integer(limit)]).compactMap(\.first?.text)
    }
}
