internal import CSQLite

/// Brings the tables of one component up to date: forward only, each step in a transaction of its own together with the
/// note that it has been done, so that a process killed half-way leaves nothing half done and the next one goes on.
struct Migrator {
    /// "STVD": tells a ledger from the databases of other programs.
    static let applicationID: Int64 = 0x5354_5644

    let component: String
    let migrations: [LedgerMigration]
    /// Called inside a step's transaction, before its commit; tests kill the process here.
    var beforeCommit: @Sendable (LedgerMigration) -> Void = { _ in }

    private var known: Int { migrations.last?.number ?? 0 }

    /// Brings the tables up to date.
    func migrate(_ connection: SQLiteConnection) throws(LedgerError) {
        var done = try knownVersion(connection)
        while let next = migrations.first(where: { $0.number > done }) {
            try step(next, connection)
            done = try version(connection)
        }
    }

    /// Brings the tables up to date inside a transaction that is open already.
    func migrateWithin(_ connection: SQLiteConnection) throws(LedgerError) {
        let done = try knownVersion(connection)
        for migration in migrations where migration.number > done { try apply(migration, connection) }
    }

    /// Whether the tables are up to date.
    func isDone(_ connection: SQLiteConnection) throws(LedgerError) -> Bool { try knownVersion(connection) == known }

    private func knownVersion(_ connection: SQLiteConnection) throws(LedgerError) -> Int {
        let done = try version(connection)
        guard done <= known else { throw .newerSchema(component: component, found: done, known: known) }
        return done
    }

    /// Refuses anything but the version this program knows.
    func verify(_ connection: SQLiteConnection) throws(LedgerError) {
        let found = try version(connection)
        if found > known { throw .newerSchema(component: component, found: found, known: known) }
        if found < known { throw .olderSchema(component: component, found: found, known: known) }
    }

    /// The number of the last step that has been done.
    func version(_ connection: SQLiteConnection) throws(LedgerError) -> Int {
        guard try Self.identify(connection) == .ledger else { return 0 }
        let prepared = try connection.prepare(text: "SELECT max(version) FROM schema_version WHERE component = ?")
        let found = try connection.all(prepared, { $0.text(component) }, row: { $0.integer(0) })
        return Int(found.first ?? 0)
    }

    private func step(_ migration: LedgerMigration, _ connection: SQLiteConnection) throws(LedgerError) {
        try connection.begin()
        do throws(LedgerError) {
            // Another process may have been faster.
            if try version(connection) < migration.number { try apply(migration, connection) }
            try connection.commit()
        } catch {
            connection.rollback()
            throw error
        }
    }

    private func apply(_ migration: LedgerMigration, _ connection: SQLiteConnection) throws(LedgerError) {
        if try Self.identify(connection) == .empty {
            try connection.script(
                """
                PRAGMA application_id = \(Self.applicationID);
                CREATE TABLE schema_version (
                    component TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL,
                    PRIMARY KEY (component, version)
                ) WITHOUT ROWID;
                """)
        }
        try connection.script(migration.script)
        _ = try connection.run(text: "INSERT INTO schema_version (component, version, name) VALUES (?, ?, ?)") {
            $0.text(component)
            $0.integer(Int64(migration.number))
            $0.text(migration.name)
        }
        beforeCommit(migration)
    }

    enum Identity { case empty, ledger }

    /// What sort of file it is.
    static func identify(_ connection: SQLiteConnection) throws(LedgerError) -> Identity {
        // Tables first: another process may be making a ledger of the file just now, its mark and its tables at once, and
        // the other way round these would be seen without that.
        let tables = try connection.all(
            try connection.prepare(text: "SELECT count(*) FROM sqlite_schema"), { _ in }, row: { $0.integer(0) })
        let id = try connection.all(
            try connection.prepare(text: "PRAGMA application_id"), { _ in }, row: { $0.integer(0) })
        if id.first == applicationID { return .ledger }
        guard id.first == 0, tables.first == 0 else { throw .foreignFile(path: connection.path) }
        return .empty
    }
}
