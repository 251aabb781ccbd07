public import Ledger

/// The tables that the workers themselves bring along, in the ledger's file.
public enum FleetTables {
    static let component = "fleet"
    static let migrations = [
        Probation.migration, FlowPause.migration, Observation.migration, ToldRevision.migration, AlertTables.migration,
        ExpectationTables.migration, OutageTables.migration, OutageTables.windows,
        LastWord.migration, OrderSettlement.migration, LastWord.urgencies,
    ]

    /// Brings them up to date; every process does at its start.
    public static func migrate(_ ledger: Ledger) async throws {
        try await ledger.migrate(component: component, migrations)
    }
}
