import Ledger
import Testing

@testable import Storefront

@Suite("Which tables and columns are compared with the ERP")
struct ComparingColumnsTests {
    private static let compared = ShownKind.allCases.flatMap(\.tables)

    @Test("every table of the store is compared, or left out for a reason")
    func tables() async throws {
        try await StoreFixture.with { store in
            try await WebhookStorefront.migrate(store.ledger)
            let names = Set(
                try await store.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'store_*'"))
            #expect(names == Set(Self.compared.map(\.name)).union(ShownKind.excluded.keys))
            #expect(names.count > 15)
            #expect(Set(Self.compared.map(\.name)).isDisjoint(with: ShownKind.excluded.keys))
        }
    }

    @Test("every column of a compared table is compared, part of the key, or left out for a reason")
    func columns() async throws {
        try await StoreFixture.with { store in
            for table in Self.compared {
                let columns = try await store.rows("SELECT name FROM pragma_table_info('\(table.name)')")
                #expect(Set(columns) == table.known, "\(table.name)")
            }
        }
    }

    @Test("nothing is both compared and left out, and every reason says something")
    func reasons() {
        for table in Self.compared {
            #expect(Set(table.columns).isDisjoint(with: table.excluded.keys), "\(table.name)")
            #expect(Set(table.columns).isDisjoint(with: table.key), "\(table.name)")
            #expect(table.personal.isSubset(of: table.columns), "\(table.name)")
            #expect(Set(table.order).isSubset(of: table.columns), "\(table.name)")
            #expect(table.excluded.values.allSatisfy { $0.count > 10 }, "\(table.name)")
        }
    }

    @Test("no column that names a person shows its value")
    func personal() async throws {
        let telling = ["email", "phone", "street", "postal_code", "city", "company", "contact_name", "tax_id"]
        for table in Self.compared {
            for column in table.columns where telling.contains(where: { column.hasSuffix($0) }) {
                #expect(table.personal.contains(column), "\(table.name).\(column)")
            }
        }
    }
}
