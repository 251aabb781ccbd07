extension Ledger {
    /// Brings the tables of another module up to date; they live in the same file, so that projections are written in the
    /// transaction that claims and journals. Safe to call from several processes at once.
    public func migrate(component: String, _ migrations: [LedgerMigration]) async throws {
        guard component != LedgerSchema.component else {
            throw LedgerError.sql(code: 0, message: "the component name \(component) is taken")
        }
        let migrator = Migrator(component: component, migrations: migrations)
        // Most starts find everything up to date, and need not wait for whoever writes.
        if try await read({ try migrator.isDone($0.connection) }) { return }
        try await write { try migrator.migrateWithin($0.connection) }
    }
}
