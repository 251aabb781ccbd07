extension Ledger {
    /// Brings the tables of another module up to date; they live in the same file, so that projections are written in the
    /// transaction that claims and journals. Safe to call from several processes at once.
    public func migrate(component: String, _ migrations: [LedgerMigration]) async throws {
        guard component != LedgerSchema.component else {
            throw LedgerError.sql(code: 0, message: "the component name \(component) is taken")
        }
        try await write { transaction in
            try Migrator(component: component, migrations: migrations).migrateWithin(transaction.connection)
        }
    }
}
