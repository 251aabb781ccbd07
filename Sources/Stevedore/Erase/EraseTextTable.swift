internal import Ledger
internal import Models

/// A table of the ledger's file whose sentences may quote a person, whichever module made it: found in the file itself, by
/// what its columns are called (``EraseProse``). A test fails on a column of which nobody has said whether people read it.
struct EraseTextTable: Hashable, Sendable {
    let name: String
    /// What tells its rows apart, and whether it is a number.
    private let keys: [Column]
    /// What may quote.
    private let texts: [Column]
    /// What says whose row it is.
    private let owners: [Column]

    private struct Column: Hashable, Sendable {
        let name: String
        let isNumber: Bool
    }

    /// A row, as far as it matters.
    struct Row: Sendable {
        fileprivate let keys: [SQLValue]
        fileprivate let owners: [String: String]
        fileprivate let texts: [String?]
    }

    /// What a text is to become.
    struct Change: Sendable {
        fileprivate let keys: [SQLValue]
        fileprivate let column: Int
        fileprivate let old: String
        fileprivate let new: String
    }

    /// What is looked for.
    struct Words: Sendable {
        let own: PersonalWords
        let others: PersonalWords
        let addresses: PersonalWords

        init(_ knowledge: EraseKnowledge) {
            (own, others, addresses) = (knowledge.ownWords, knowledge.distinctiveWords, knowledge.addresses)
        }
    }

    /// `table.column` of each text that is looked through, for the tests.
    var columns: [String] { texts.map { "\(name).\($0.name)" } }

    var place: ErasePlace {
        switch name {
        case "journal": .journal
        case "dead_letter": .letterTexts
        default: .otherTexts
        }
    }

    // MARK: - Which there are

    /// What says whose a row is, where a table has it.
    private static let owning: Set<String> = [
        "family", "type", "subject", "number", "origin", "account", "letter", "message_id", "payload",
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
        return Set(rows.map(\.table)).sorted().compactMap { name in
            let columns = rows.filter { $0.table == name }
            let keys = columns.filter { $0.pk > 0 }.sorted { $0.pk < $1.pk }.map(\.column)
            let texts = columns.filter { $0.isText && $0.pk == 0 && mayQuote($0.column.name, in: name) }.map(\.column)
            let owners = columns.map(\.column).filter { isOwning($0.name, in: name) }
            let hasNoRowID = columns.first?.hasNoRowID ?? false
            guard !texts.isEmpty, !(hasNoRowID && keys.isEmpty) else { return nil }
            return EraseTextTable(
                name: name, keys: hasNoRowID ? keys : [Column(name: "rowid", isNumber: true)], texts: texts,
                owners: owners)
        }
    }

    /// Only what people read: a key, a code or a price list that is called like somebody has to stay what it is.
    private static func mayQuote(_ column: String, in table: String) -> Bool {
        EraseProse.columns.contains(column) && !EraseStore.holds(column, of: table)
            || EraseProse.addressesOnly.contains("\(table).\(column)")
    }

    private static func isOwning(_ column: String, in table: String) -> Bool {
        owning.contains(column) || table == "dead_letter" && column == "id"
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
            var (named, said): ([String: String], [String?]) = ([:], [])
            for (index, owner) in owners.enumerated() { named[owner.name] = row.optionalText(ofOwners + index) }
            for index in texts.indices { said.append(row.optionalText(ofTexts + index)) }
            return Row(keys: values, owners: named, texts: said)
        }
    }

    /// What of a row's texts is to change: of their own rows every word of theirs, of others only what is nobody else's.
    func changes(to row: Row, _ knowledge: EraseKnowledge, _ words: Words) -> [Change] {
        let quoted = isTheirs(row, knowledge) ? words.own : words.others
        return row.texts.enumerated().compactMap { column, text in
            let isRecord = EraseProse.addressesOnly.contains("\(name).\(texts[column].name)")
            guard let text, let new = (isRecord ? words.addresses : quoted).erased(from: text) else { return nil }
            return Change(keys: row.keys, column: column, old: text, new: new)
        }
    }

    /// By the object that the row is about, of its own family, or by the message. The number of an account is also a
    /// product's, and the ordinal of some row.
    private func isTheirs(_ row: Row, _ knowledge: EraseKnowledge) -> Bool {
        let said = row.owners
        let messages = ["letter", "message_id", "payload", "id"].compactMap { said[$0] }
        if messages.contains(where: { knowledge.owns(message: $0) }) { return true }
        if let subject = said["subject"] {
            let object =
                said["family"].map { EraseObject(family: $0, subject: subject) }
                ?? EraseObject(type: said["type"], subject: subject)
            return knowledge.owns(object)
        }
        guard name.hasPrefix("store_") else { return false }
        let order = said["number"].map { EraseObject(order: $0, origin: said["origin"]) }
        let account = said["account"].map { EraseObject(account: $0) }
        return [order, account].contains { $0.map { knowledge.owns($0) } ?? false }
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
