import Ledger

/// A table or a view of the store, and which of its columns the ERP decides. One that is added is among those until it
/// is named here, so that no model can forget it.
struct ShownTable: Sendable {
    let name: String
    /// What tells rows apart; first in their lines.
    let key: [String]
    /// Columns that the ERP does not decide.
    var omitted: Set<String> = []
    /// The only ones that it does, where those are fewer.
    var chosen: Set<String>?
    var condition = "1"

    /// A row as one line of text, the same for what is expected and for what is shown:
    /// `store_stock sku=FST-0001 warehouse=EAST | available=7 …`.
    func line(_ columns: [String: String?]) -> String {
        let rest = columns.keys.filter { !key.contains($0) }.sorted()
        return "\(name) \(Self.text(key, columns)) | \(Self.text(rest, columns))"
    }

    private static func text(_ names: [String], _ columns: [String: String?]) -> String {
        let parts = names.map { name in
            let value: String? = columns[name] ?? nil
            return "\(name)=\(value ?? "-")"
        }
        return parts.joined(separator: " ")
    }

    /// The rows that are shown.
    func rows(_ snapshot: LedgerSnapshot) throws -> [String] {
        let names = try names(snapshot)
        let sql = "SELECT \(names.joined(separator: ", ")) FROM \(name) WHERE \(condition)"
        let rows: [[String?]] = try snapshot.query(text: sql) { row in
            var values: [String?] = []
            for index in 0..<names.count { values.append(row.optionalText(index)) }
            return values
        }
        return rows.map { values in line(Dictionary(uniqueKeysWithValues: zip(names, values))) }
    }

    private func names(_ snapshot: LedgerSnapshot) throws -> [String] {
        let all = try snapshot.query(text: "SELECT name FROM pragma_table_info('\(name)')") { $0.text(0) }
        return all.filter { column in
            guard let chosen else { return !omitted.contains(column) }
            return chosen.contains(column)
        }
    }
}
