internal import Ledger

/// The tables that the workers themselves bring along, in the ledger's file.
enum FleetTables {
    static let component = "fleet"
    static let migrations = [Probation.migration, FlowPause.migration, Observation.migration, ToldRevision.migration]
}
