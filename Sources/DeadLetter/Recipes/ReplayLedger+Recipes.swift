internal import Ledger

extension ReplayLedger {
    /// The table of recipes, beside the marks.
    static let recipes = LedgerMigration(
        number: 2, name: "recipes",
        script: """
            -- Patches that people keep under a name. Who saved and removed which is in operator_action.
            CREATE TABLE recipe (
                name TEXT PRIMARY KEY,
                patch TEXT NOT NULL,
                note TEXT NOT NULL,
                saved_by TEXT NOT NULL,
                saved_at INTEGER NOT NULL
            ) WITHOUT ROWID;
            """)
}
