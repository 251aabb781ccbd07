internal import Ledger
internal import Models

/// A table of the ledger's file whose sentences may quote a person, whichever module made it: found in the file itself, so
/// that a new table is looked through without anybody thinking of it.
struct EraseTextTable: Hashable, Sendable {
    let name: String
    /// What tells its rows apart, and whether it is a number.
    private let keys: [Column]
    /// What may quote.
    private let texts: [Column]
    /// Whose row it is.
    private let owners: [Column]

    private struct Column: Hashable, Sendable {
        let name: String
        let isNumber: Bool
    }

    /// A row, as far as it matters.
    struct Row: Sendable {
        fileprivate let keys: [SQLValue]
        fileprivate let owners: [String]
        fileprivate let texts: [String?]
    }

    /// What a text is to become.
    struct Change: Sendable {
        fileprivate let keys: [SQLValue]
        fileprivate let column: Int
        fileprivate let old: String
        fileprivate let new: String
    }

    var place: ErasePlace {
        switch name {
        case "journal": .journal
        case "dead_letter": .letterTexts
        default: .otherTexts
        }
    }

    // MARK: - Which there are

    /// Names, codes and numbers, which are nobody's words; and who did something, which the record needs.
    private static let structural: Set<String> = [
        "id", "type", "subject", "family", "message_id", "fingerprint", "queue", "flow", "state", "code", "category",
        "stage", "worker", "trace_id", "routing_key", "exchange", "content_type", "correlation_id", "payload",
        "edited_as", "edited_from", "lease_holder", "holder", "by", "changed_by", "assignee", "number", "account",
        "erp_number", "purchase_order_number", "currency", "origin", "action", "key", "revision", "cursor", "trail",
        "placed_at", "changed_at", "status", "sku", "substitute_sku", "warehouse", "reason_code", "hold_code",
        "last_code", "payment_method", "payment_reference", "shipping_method", "preferred_warehouse",
    ]
    /// Names and values in a form of their own: these go with the bodies that they came with.
    private static let paired: Set<String> = ["payload.properties", "outbox.headers"]
    /// What is said of goods is said of goods; and the numbers of versions.
    private static let impersonal = [
        "store_product", "store_stock", "store_incoming", "store_price", "store_carrier", "store_safety_buffer",
        "schema_version", "alias", "sqlite_",
    ]

    /// All there are in this file, each with what may quote somebody.
    static func all(_ snapshot: LedgerSnapshot) throws -> [EraseTextTable] {
        let rows = try snapshot.query(
            """
            SELECT t.name, t.wr, c.name, upper(c.type), c.pk FROM pragma_table_list AS t
                JOIN pragma_table_info(t.name) AS c
            WHERE t.schema = 'main' AND t.type = 'table' ORDER BY t.name, c.cid
            """
        ) { row in
            (
                table: row.text(0), hasNoRowID: row.integer(1) != 0, pk: row.integer(4),
                column: Column(name: row.text(2), isNumber: row.text(3).hasPrefix("INT")), isText: row.text(3) == "TEXT"
            )
        }
        let names = Set(rows.map(\.table)).filter { name in !impersonal.contains { name.hasPrefix($0) } }
        return names.sorted().compactMap { name in
            let columns = rows.filter { $0.table == name }
            let keys = columns.filter { $0.pk > 0 }.sorted { $0.pk < $1.pk }.map(\.column)
            let texts = columns.filter { $0.isText && $0.pk == 0 && isFree($0.column.name, in: name) }.map(\.column)
            let owners = columns.map(\.column).filter { ["subject", "number", "account", "letter"].contains($0.name) }
            let hasNoRowID = columns.first?.hasNoRowID ?? false
            guard !texts.isEmpty, !(hasNoRowID && keys.isEmpty) else { return nil }
            return EraseTextTable(
                name: name, keys: hasNoRowID ? keys : [Column(name: "rowid", isNumber: true)], texts: texts,
                owners: owners)
        }
    }

    private static func isFree(_ column: String, in table: String) -> Bool {
        !structural.contains(column) && !paired.contains("\(table).\(column)")
            && !EraseStore.holds(column, of: table)
    }

    private init(name: String, keys: [Column], texts: [Column], owners: [Column]) {
        (self.name, self.keys, self.texts, self.owners) = (name, keys, texts, owners)
    }

    // MARK: - Rows

    /// Rows behind one, in the order of keys; begin without one.
    func page(behind last: Row?, limit: Int, _ snapshot: LedgerSnapshot) throws -> [Row] {
        let columns = (keys + owners + texts).map { Self.quoted($0.name) }.joined(separator: ", ")
        let order = Self.list(keys)
        let marks = keys.map { _ in "?" }.joined(separator: ", ")
        let condition = last == nil ? "" : "WHERE (\(order)) > (\(marks)) "
        let sql = "SELECT \(columns) FROM \(Self.quoted(name)) \(condition)ORDER BY \(order) LIMIT \(limit)"
        let (ofOwners, ofTexts) = (keys.count, keys.count + owners.count)
        return try snapshot.query(text: sql, last?.keys ?? []) { row in
            var values: [SQLValue] = []
            for (index, key) in keys.enumerated() {
                values.append(key.isNumber ? .integer(row.integer(index)) : .text(row.text(index)))
            }
            var (named, said): ([String], [String?]) = ([], [])
            for index in owners.indices { named.append(row.text(ofOwners + index)) }
            for index in texts.indices { said.append(row.optionalText(ofTexts + index)) }
            return Row(keys: values, owners: named, texts: said)
        }
    }

    /// What of a row's texts is to change.
    func changes(to row: Row, subjects: Set<String>, own: PersonalWords, others: PersonalWords) -> [Change] {
        let words = row.owners.contains { subjects.contains($0) } ? own : others
        return row.texts.enumerated().compactMap { column, text in
            guard let text, let new = words.erased(from: text) else { return nil }
            return Change(keys: row.keys, column: column, old: text, new: new)
        }
    }

    /// Makes a change, unless somebody else was faster.
    func make(_ change: Change, _ transaction: LedgerTransaction) throws {
        let column = Self.quoted(texts[change.column].name)
        let marks = keys.map { _ in "?" }.joined(separator: ", ")
        let condition = "(\(Self.list(keys))) = (\(marks)) AND \(column) = ?"
        let sql = "UPDATE \(Self.quoted(name)) SET \(column) = ? WHERE \(condition)"
        try transaction.execute(text: sql, [.text(change.new)] + change.keys + [.text(change.old)])
    }

    private static func list(_ columns: [Column]) -> String {
        columns.map { quoted($0.name) }.joined(separator: ", ")
    }

    private static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
}
