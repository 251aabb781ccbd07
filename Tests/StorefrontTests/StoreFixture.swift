import FleetTesting
import Ledger
import Models
import Storefront

/// A store's tables of one test's own.
struct StoreFixture {
    let ledger: Ledger
    let storefront = DatabaseStorefront()

    /// Lends the tables for the time of the body.
    static func with(
        isolation: isolated (any Actor)? = #isolation, _ body: (StoreFixture) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await DatabaseStorefront.migrate(ledger)
            try await body(StoreFixture(ledger: ledger))
            await ledger.close()
        }
    }

    /// Shows something in a transaction of its own, as a worker does.
    func show(
        _ body: @escaping @Sendable (DatabaseStorefront, LedgerTransaction) throws -> Void
    ) async throws {
        try await ledger.write { [storefront] in try body(storefront, $0) }
    }

    /// The first column of each row.
    func rows(_ sql: String) async throws -> [String] {
        try await ledger.read { try $0.query(text: sql) { $0.text(0) } }
    }

    /// How SQLite would answer, a step a line.
    func plan(_ sql: String) async throws -> [String] {
        try await ledger.read { try $0.query(text: "EXPLAIN QUERY PLAN " + sql) { $0.text(3) } }
    }
}
