import Ledger
import Models
import Testing

@testable import Storefront

@Suite("Comparing what two sets of tables show")
struct ComparingTests {
    /// Shows everything that a store can be shown, at a time of its own.
    private func fill(_ store: StoreFixture, at time: String, revision: Int64) async throws {
        let at = try #require(Timestamp(rfc3339: time))
        var (product, stock, customer) = (try Unlike.product(), try Unlike.stock(), try Unlike.customer())
        (product.revision, stock.revision, customer.revision) = (revision, revision, revision)
        let payloads: [any Payload] = [
            product, stock, customer, try Unlike.prices(), try Unlike.offlineOrder(), try Unlike.orderStatus(),
            try Unlike.shipment(),
        ]
        try await store.show { storefront, transaction in
            for payload in payloads { try storefront.showAlone(payload, at: at, in: transaction) }
        }
    }

    private func object(_ kind: ShownKind, _ key: [String], _ store: StoreFixture) async throws -> ShownObject? {
        try await store.ledger.read { try ShownTables(kind).object(ShownKey(key), $0) }
    }

    private static let keys: [(ShownKind, [String])] = [
        (.product, ["SKU-1"]), (.stock, ["SKU-1", "TAC"]), (.customer, ["C-1"]),
        (.prices, ["price-list", "WEST", "2026-Q1", "fasteners"]), (.shipment, ["SH-1"]), (.onlineOrder, ["W-1"]),
        (.offlineOrder, ["SO-1"]),
    ]

    @Test("the same objects are equal, whenever and at whichever revision they were shown")
    func equal() async throws {
        try await StoreFixture.with { one in
            try await StoreFixture.with { other in
                try await fill(one, at: "2026-03-01T12:00:00Z", revision: 11)
                try await fill(other, at: "2026-03-02T13:00:00Z", revision: 12)
                for (kind, key) in Self.keys {
                    let (left, right) = (try await object(kind, key, one), try await object(kind, key, other))
                    #expect(left != nil && left == right, "\(kind)")
                }
            }
        }
    }

    @Test("a change of any compared column of any table shows, and is named with both values unless it is personal")
    func everyColumn() async throws {
        try await StoreFixture.with { store in
            try await fill(store, at: "2026-03-01T12:00:00Z", revision: 11)
            for (kind, key) in Self.keys {
                let before = try await object(kind, key, store)
                for table in kind.tables {
                    for column in table.columns where !table.order.contains(column) {
                        let (changed, difference) = try await change(column, of: table, kind, key, store)
                        #expect(changed != before, "\(table.name).\(column)")
                        #expect(difference?.place == "\(table.name).\(column)")
                        #expect((difference?.values == nil) == table.personal.contains(column), "\(column)")
                    }
                }
            }
        }
    }

    /// Changes a column of all rows, looks, and takes the change back.
    private func change(
        _ column: String, of table: ShownTable, _ kind: ShownKind, _ key: [String], _ store: StoreFixture
    ) async throws -> (ShownObject?, ShownDifference?) {
        let tables = ShownTables(kind)
        let key = ShownKey(key)
        struct Seen: Error {
            var object: ShownObject?
            var difference: ShownDifference?
        }
        do {
            try await store.ledger.write { transaction in
                let before = try tables.rows(key, transaction)
                try transaction.execute(text: Self.update(column, of: table))
                let after = try tables.rows(key, transaction)
                throw Seen(
                    object: try tables.object(key, transaction),
                    difference: tables.differences(expected: before, shown: after).first)
            }
            return (nil, nil)
        } catch let seen as Seen {
            return (seen.object, seen.difference)
        }
    }

    /// `origin` of a shipment may only be one of two.
    private static func update(_ column: String, of table: ShownTable) -> String {
        column == "origin"
            ? "UPDATE \(table.name) SET origin = CASE origin WHEN 'online' THEN 'offline' ELSE 'online' END"
            : "UPDATE \(table.name) SET \(column) = coalesce(\(column), '') || '7'"
    }

    @Test("a row more or less of any table that belongs to an object shows")
    func rows() async throws {
        try await StoreFixture.with { store in
            try await fill(store, at: "2026-03-01T12:00:00Z", revision: 11)
            for (kind, key) in Self.keys {
                for table in kind.tables.dropFirst() {
                    let before = try await object(kind, key, store)
                    try await store.ledger.write { transaction in
                        _ = try transaction.execute(text: "DELETE FROM \(table.name)")
                    }
                    #expect(try await object(kind, key, store) != before, "\(table.name)")
                    try await fill(store, at: "2026-03-01T12:00:00Z", revision: 11)
                    #expect(try await object(kind, key, store) == before, "\(table.name)")
                }
            }
        }
    }

    @Test("objects come page by page in the order of their keys, also those of which only parts are there")
    func paging() async throws {
        try await StoreFixture.with { store in
            try await store.show { storefront, transaction in
                for number in 1...57 {
                    let product = Product(
                        sku: "P-\(number)", revision: 1, name: "Bolt", groups: ["bolts"], unit: .one, isActive: true)
                    try storefront.show(product, at: .epoch, in: transaction)
                }
                try transaction.execute("DELETE FROM store_product WHERE sku = 'P-7'")
            }
            for limit in [1, 10, 57, 100] {
                var (keys, last): ([ShownKey], ShownKey?) = ([], nil)
                while true {
                    let start = last
                    let page = try await store.ledger.read {
                        try ShownTables(.product).page(after: start, limit: limit, $0)
                    }
                    guard let end = page.last else { break }
                    #expect(page.count <= limit)
                    keys += page.map(\.key)
                    last = end.key
                }
                #expect(keys.count == 57 && keys == keys.sorted())
                #expect(keys.contains(ShownKey(["P-7"])))
            }
        }
    }

    @Test("a warehouse is compared by itself")
    func warehouse() async throws {
        try await StoreFixture.with { store in
            let desk = StoreDesk(store: store)
            try await desk.stock("1", in: "EAST", at: 1)
            try await desk.stock("2", in: "WEST", at: 1)
            let page = try await store.ledger.read {
                try ShownTables(.stock, warehouse: "WEST").page(after: nil, limit: 10, $0)
            }
            #expect(page.map(\.key) == [ShownKey(["S-1", "WEST"])])
        }
    }

    @Test("that the ERP has refused a change is no difference, and what it says otherwise is")
    func refusal() async throws {
        try await StoreFixture.with { store in
            try await fill(store, at: "2026-03-01T12:00:00Z", revision: 11)
            let (tables, key) = (ShownTables(.onlineOrder), ShownKey(["W-1"]))
            let before = try await store.ledger.read { try tables.rows(key, $0) }
            try await store.ledger.write { transaction in
                try transaction.execute(
                    "UPDATE store_order SET reason_code = 'order.too-late', answered_revision = answered_revision + 1")
                try transaction.execute("UPDATE store_order_line SET status = 'too-late-to-amend'")
            }
            let refused = try await store.ledger.read { try tables.rows(key, $0) }
            let differences = tables.differences(expected: before, shown: refused)
            #expect(differences.count == 2)
            #expect(tables.isRefusal(differences, expected: before, shown: refused))
            #expect(!tables.isRefusal(differences, expected: refused, shown: refused))
            try await store.ledger.write { transaction in
                _ = try transaction.execute("UPDATE store_order SET state = 'shipped'")
            }
            let other = try await store.ledger.read { try tables.rows(key, $0) }
            let more = tables.differences(expected: before, shown: other)
            #expect(!tables.isRefusal(more, expected: before, shown: other))
        }
    }

    @Test("an object's key gives the subject of its messages", arguments: ComparingTests.payloads)
    func subjects(payload: Example) throws {
        let (kind, key) = try #require(DatabaseStorefront.key(of: payload.payload))
        #expect(kind.subject(of: key) == payload.payload.subject)
    }

    struct Example: Sendable {
        var payload: any Payload
    }

    static var payloads: [Example] {
        var all: [any Payload] = []
        if let one = try? Unlike.product() { all.append(one) }
        if let one = try? Unlike.stock() { all.append(one) }
        if let one = try? Unlike.customer() { all.append(one) }
        if var one = try? Unlike.prices() {
            all.append(one)
            one.part = nil
            one.holder = .account("A/B~C")
            all.append(one)
        }
        if let one = try? Unlike.offlineOrder() { all.append(one) }
        if let one = try? Unlike.orderStatus() { all.append(one) }
        if let one = try? Unlike.shipment() { all.append(one) }
        return all.map(Example.init)
    }
}
