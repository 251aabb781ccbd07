package import Ledger
internal import Models

/// Where two sides disagree about an object.
package struct ShownDifference: Hashable, Sendable {
    /// A table.
    package var table: String
    /// A column of it; nil where one side has more rows.
    package var column: String?
    /// What each side has, for people; nil where it is nobody's business.
    package var values: Values?

    /// What each side has; nil for NULL.
    package struct Values: Hashable, Sendable {
        package var expected: String?
        package var shown: String?

        package init(expected: String?, shown: String?) {
            self.expected = expected
            self.shown = shown
        }
    }

    package init(table: String, column: String?, values: Values?) {
        self.table = table
        self.column = column
        self.values = values
    }

    /// `store_product.list_price`, or the table alone.
    package var place: String { column.map { "\(table).\($0)" } ?? table }
}

/// An object's rows, by table: for the few that are looked at closely.
package struct ShownRows: Hashable, Sendable {
    fileprivate var tables: [[[String?]]]
    /// Which of the store's revisions is answered, of an order that the store took.
    package fileprivate(set) var answered: Int64?

    /// Whether the row that the others belong to is not there.
    package var lackItself: Bool { tables.first?.isEmpty ?? true }
}

extension ShownTables {
    /// What is looked at closely of an object: of one with very many rows no more than this many of each table.
    private static let mostRows = 1_000

    /// All of an object.
    package func rows(_ key: ShownKey, _ snapshot: LedgerSnapshot) throws -> ShownRows {
        let tables = try kind.tables.map { try rows(of: key, in: $0, limit: Self.mostRows, snapshot) }
        return ShownRows(tables: tables, answered: try answered(key, snapshot))
    }

    /// Which of the store's revisions is answered; nil when none is, and for whatever is no order of the store. It is not
    /// among what is compared: a refusal is an answer as well, and the ERP keeps nothing of it, so the store may be ahead.
    package func answered(_ key: ShownKey, _ snapshot: LedgerSnapshot) throws -> Int64? {
        guard kind == .onlineOrder, let number = key.parts.first else { return nil }
        return try snapshot.first(
            "SELECT answered_revision FROM store_order WHERE number = ? AND origin = 'online'", .text(number)
        ) { $0.optionalInteger(0) } ?? nil
    }

    /// The same for all objects behind a key and up to another that have one: asked once for a page.
    package func answers(
        after last: ShownKey?, through end: ShownKey, _ snapshot: LedgerSnapshot
    ) throws -> [ShownKey: Int64] {
        guard kind == .onlineOrder else { return [:] }
        let rows = try snapshot.query(
            """
            SELECT number, answered_revision FROM store_order
            WHERE origin = 'online' AND number > ? AND number <= ? AND answered_revision IS NOT NULL
            """, .text(last?.parts.first ?? ""), .text(end.parts.first ?? "")
        ) { (key: ShownKey([$0.text(0)]), revision: $0.integer(1)) }
        return rows.reduce(into: [:]) { $0[$1.key] = $1.revision }
    }

    /// Whether an erasing has left its mark where a person's data was.
    package func isErased(_ rows: ShownRows) -> Bool {
        zip(kind.tables, rows.tables).contains { table, rows in
            let columns = table.columns.indices.filter { table.personal.contains(table.columns[$0]) }
            return rows.contains { row in
                columns.contains { row[$0] == PersonalMark.text || row[$0] == PersonalMark.email }
            }
        }
    }

    /// That the store does not know of an answer; nil when it knows of it, or of a later one.
    package func missedAnswer(expected: Int64?, shown: Int64?) -> ShownDifference? {
        guard kind == .onlineOrder, let expected, expected > shown ?? 0 else { return nil }
        return ShownDifference(
            table: "store_order", column: "answered_revision",
            values: .init(expected: String(expected), shown: shown.map { String($0) }))
    }

    /// Where two sides disagree, the first place of each column.
    package func differences(expected: ShownRows, shown: ShownRows) -> [ShownDifference] {
        zip(kind.tables, zip(expected.tables, shown.tables)).flatMap { table, sides in
            Self.differences(table, expected: sides.0, shown: sides.1)
        }
    }

    /// Whether the store has only what the ERP does not keep: that it has refused a change, and why. A refusal says on every
    /// line that it was not changed, and gives the order's reason; any other word there is none.
    package func isRefusal(_ differences: [ShownDifference], expected: ShownRows, shown: ShownRows) -> Bool {
        guard kind == .onlineOrder, let answered = shown.answered, answered > expected.answered ?? 0,
            differences.allSatisfy({ ShownKind.refusal.contains($0.place) }),
            let reason = values("reason_code", of: "store_order", shown).first ?? nil
        else { return false }
        let statuses = values("status", of: "store_order_line", shown)
        let reasons = values("reason_code", of: "store_order_line", shown)
        let before = values("reason_code", of: "store_order_line", expected)
        return statuses.allSatisfy { $0 == LineStatus.Status.tooLateToAmend.rawValue }
            && zip(reasons, before).allSatisfy { $0 == reason || $0 == $1 }
    }

    private func values(_ column: String, of table: String, _ rows: ShownRows) -> [String?] {
        guard let place = kind.tables.firstIndex(where: { $0.name == table }),
            let index = kind.tables[place].columns.firstIndex(of: column)
        else { return [] }
        return rows.tables[place].map { $0[index] }
    }

    func rows(
        of key: ShownKey, in table: ShownTable, limit: Int, _ snapshot: LedgerSnapshot
    ) throws -> [[String?]] {
        let fixed = table.fixed.sorted { $0.key < $1.key }
        let conditions = (table.key + fixed.map(\.key)).map { "\($0) = ?" }.joined(separator: " AND ")
        let order = (table.key + table.order).joined(separator: ", ")
        let values = (key.parts + fixed.map(\.value)).map { SQLValue.text($0) } + [.integer(Int64(limit))]
        return try snapshot.query(
            text: """
                SELECT \(table.columns.joined(separator: ", ")) FROM \(table.name)
                WHERE \(conditions) ORDER BY \(order) LIMIT ?
                """, values
        ) { $0.optionalTexts(table.columns.count) }
    }

    private static func differences(
        _ table: ShownTable, expected: [[String?]], shown: [[String?]]
    ) -> [ShownDifference] {
        guard expected.count == shown.count else {
            let values = ShownDifference.Values(expected: rowCount(expected), shown: rowCount(shown))
            return [ShownDifference(table: table.name, column: nil, values: values)]
        }
        return table.columns.indices.compactMap { column in
            let pairs = zip(expected, shown).map { ($0[column], $1[column]) }
            guard let pair = pairs.first(where: { !isSame($0.0, $0.1) }) else { return nil }
            let name = table.columns[column]
            let values = ShownDifference.Values(expected: pair.0, shown: pair.1)
            return ShownDifference(
                table: table.name, column: name, values: table.personal.contains(name) ? nil : values)
        }
    }

    private static func rowCount(_ rows: [[String?]]) -> String {
        rows.count < mostRows ? "\(rows.count) rows" : "\(mostRows) rows or more"
    }

    private static func isSame(_ one: String?, _ other: String?) -> Bool {
        switch (one, other) {
        case (nil, nil): true
        case (let one?, let other?): one.utf8.elementsEqual(other.utf8)
        default: false
        }
    }
}

extension SQLRow {
    /// The first columns.
    fileprivate func optionalTexts(_ count: Int) -> [String?] {
        var texts: [String?] = []
        for column in 0..<count { texts.append(optionalText(column)) }
        return texts
    }
}
