internal import Ledger
internal import Models

/// The rows of the store's tables that hold a person's data: what `DatabaseStorefront` writes of customers and of orders
/// that were keyed in the ERP.
struct EraseStore: Sendable {
    private struct Column: Hashable, Sendable {
        let name: String
        let kind: PersonalKind
        /// What takes its place; nil for nothing at all.
        let mark: String?
    }

    private struct Table: Sendable {
        let name: String
        let keys: String
        let columns: [Column]
        let address: String?
    }

    private static func place(_ prefix: String) -> [Column] {
        [
            Column(name: prefix + "company", kind: .company, mark: nil),
            Column(name: prefix + "name", kind: .name, mark: PersonalMark.text),
            Column(name: prefix + "street", kind: .street, mark: PersonalMark.text),
            Column(name: prefix + "city", kind: .city, mark: PersonalMark.text),
            Column(name: prefix + "postal_code", kind: .postalCode, mark: nil),
        ]
    }

    private static let customer = Table(
        name: "store_customer", keys: "account",
        columns: [
            Column(name: "name", kind: .company, mark: PersonalMark.text),
            Column(name: "tax_id", kind: .taxID, mark: nil),
        ] + place("bill_to_"), address: nil)
    private static let shipTo = Table(
        name: "store_customer_ship_to", keys: "account, id", columns: place(""), address: nil)
    private static let contact = Table(
        name: "store_customer_contact", keys: "account, position",
        columns: [
            Column(name: "name", kind: .name, mark: PersonalMark.text),
            Column(name: "email", kind: .email, mark: PersonalMark.email),
            Column(name: "phone", kind: .phone, mark: nil),
        ], address: "email")
    private static let order = Table(
        name: "store_order", keys: "number, origin",
        columns: [
            Column(name: "contact_name", kind: .name, mark: PersonalMark.text),
            Column(name: "contact_email", kind: .email, mark: PersonalMark.email),
            Column(name: "contact_phone", kind: .phone, mark: nil),
        ] + place("ship_to_") + place("bill_to_"), address: "contact_email")
    private static let tables = [customer, shipTo, contact, order]

    let account: String?
    let email: String?
    /// Orders that are left as they are, between two marks each: nobody would write their addresses again.
    private let open: String
    private static let mark = "\u{1F}"

    /// - Parameter open: Orders that the ERP has not answered.
    init(_ order: EraseOrder, open: Set<String> = []) {
        (account, email) = (order.account, order.email)
        self.open = Self.mark + open.map { $0 + Self.mark }.joined()
    }

    /// Whether the column of a table is one of these.
    static func holds(_ column: String, of table: String) -> Bool {
        tables.contains { $0.name == table && $0.columns.contains { $0.name == column } }
    }

    /// Whether the store has such tables.
    static func isThere(_ snapshot: LedgerSnapshot) throws -> Bool {
        let found = try snapshot.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'store_customer'") {
            $0.integer(0)
        }
        return !found.isEmpty
    }

    // MARK: - Which rows

    /// Rows of a table by a condition, and what of them is to go.
    private struct Target {
        let table: Table
        let columns: [Column]
        private(set) var condition: String
        private(set) var values: [SQLValue]

        init(_ table: Table, _ condition: String, _ values: [SQLValue], only column: String? = nil) {
            self.table = table
            columns = table.columns.filter { column == nil || $0.name == column }
            (self.condition, self.values) = (condition, values)
        }

        func narrowed(_ condition: String, _ value: SQLValue) -> Target {
            var target = self
            target.condition = "(\(self.condition)) AND (\(condition))"
            target.values.append(value)
            return target
        }

        /// Rows in which anything of it still stands.
        var dirty: String {
            columns.map { column in
                let differs = column.mark.map { " AND \(column.name) <> '\($0)'" } ?? ""
                return "(\(column.name) IS NOT NULL\(differs))"
            }.joined(separator: " OR ")
        }
    }

    private func targets(_ snapshot: LedgerSnapshot) throws -> [Target] {
        var targets: [Target] = []
        if let account {
            targets += Self.tables.map { Target($0, "account = ?", [.text(account)]) }
        }
        guard let email else { return targets }
        for table in Self.tables {
            guard let column = table.address else { continue }
            targets.append(Target(table, "lower(\(column)) = lower(?)", [.text(email)]))
        }
        return targets + (try recipients(email, snapshot))
    }

    /// The same person as the recipient of goods or invoices of the account: the name goes, the company's address stays.
    private func recipients(_ email: String, _ snapshot: LedgerSnapshot) throws -> [Target] {
        let persons = try snapshot.query(
            "SELECT account, name FROM store_customer_contact WHERE lower(email) = lower(?)", .text(email)
        ) { (account: $0.text(0), name: $0.text(1)) }
        return persons.flatMap { person -> [Target] in
            let values: [SQLValue] = [.text(person.account), .text(person.name)]
            return [
                Target(Self.customer, "account = ? AND bill_to_name = ?", values, only: "bill_to_name"),
                Target(Self.shipTo, "account = ? AND name = ?", values, only: "name"),
            ]
        }
    }

    /// The rows of open orders, or all others.
    private func targets(_ snapshot: LedgerSnapshot, ofOpen: Bool) throws -> [Target] {
        let isOpen = "origin = 'online' AND instr(?, char(31) || number || char(31)) > 0"
        return try targets(snapshot).compactMap { target in
            guard target.table.name == Self.order.name else { return ofOpen ? nil : target }
            return target.narrowed(ofOpen ? isOpen : "NOT (\(isOpen))", .text(open))
        }
    }

    // MARK: - Reading and erasing

    /// What the rows say, and whose they are.
    func learn(_ snapshot: LedgerSnapshot, into knowledge: inout EraseKnowledge) throws {
        for target in try targets(snapshot) {
            let names = target.columns.map(\.name).joined(separator: ", ")
            let isOrder = target.table.name == Self.order.name
            let key = isOrder ? "number, origin" : "account, NULL"
            let sql = "SELECT \(key), \(names) FROM \(target.table.name) WHERE \(target.condition)"
            let kinds = target.columns.map(\.kind)
            let rows = try snapshot.query(text: sql, target.values) { row in
                var texts: [String?] = []
                for index in kinds.indices { texts.append(row.optionalText(index + 2)) }
                return (subject: row.text(0), origin: row.optionalText(1), texts: texts)
            }
            for row in rows {
                knowledge.learn(
                    isOrder ? EraseObject(order: row.subject, origin: row.origin) : EraseObject(account: row.subject))
                for (kind, text) in zip(kinds, row.texts) { knowledge.learn(kind, [text].compactMap { $0 }) }
            }
        }
    }

    /// How many rows hold anything of theirs.
    func count(_ snapshot: LedgerSnapshot) throws -> Int {
        var count: Int64 = 0
        for target in try targets(snapshot, ofOpen: false) {
            let sql = "SELECT count(*) FROM \(target.table.name) WHERE (\(target.condition)) AND (\(target.dirty))"
            for found in try snapshot.query(text: sql, target.values, row: { $0.integer(0) }) { count += found }
        }
        return Int(count)
    }

    /// The open orders whose rows hold something of theirs, and keep it.
    func left(_ snapshot: LedgerSnapshot) throws -> Set<String> {
        var left: Set<String> = []
        for target in try targets(snapshot, ofOpen: true) {
            let sql = "SELECT number FROM \(target.table.name) WHERE (\(target.condition)) AND (\(target.dirty))"
            left.formUnion(try snapshot.query(text: sql, target.values) { $0.text(0) })
        }
        return left
    }

    /// Erases up to `limit` rows; returns how many they were, none when there are no more.
    func erase(limit: Int, _ transaction: LedgerTransaction) throws -> Int {
        // Recipients are found by what stands among the contacts, so these come last.
        for target in try targets(transaction, ofOpen: false).reversed() {
            let count = try erase(target, limit, transaction)
            if count > 0 { return count }
        }
        return 0
    }

    private func erase(_ target: Target, _ limit: Int, _ transaction: LedgerTransaction) throws -> Int {
        let table = target.table
        let changes = target.columns.map { column in
            let mark = column.mark.map { "'\($0)'" } ?? "NULL"
            return "\(column.name) = CASE WHEN \(column.name) IS NULL THEN NULL ELSE \(mark) END"
        }
        let rows =
            "SELECT \(table.keys) FROM \(table.name) WHERE (\(target.condition)) AND (\(target.dirty)) LIMIT \(limit)"
        let sql = "UPDATE \(table.name) SET \(changes.joined(separator: ", ")) WHERE (\(table.keys)) IN (\(rows))"
        return try transaction.execute(text: sql, target.values)
    }
}
