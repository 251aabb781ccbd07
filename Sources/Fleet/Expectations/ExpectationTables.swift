package import Ledger

/// What is expected, by when, and how far the journal has been read for it.
package enum ExpectationTables {
    static let migration = LedgerMigration(
        number: 6, name: "expectations",
        script: """
            -- One row for each thing that is waited for, or was and came too late. What came in time leaves none.
            -- `mark` is what has to be reached: of an order its revision, of its shipments how much of it is shipped, in
            -- millionths. `opened` is a reading of the clock, so that a clock that stands delays every row and touches
            -- none; `since`, `missed_at` and `ended_at` are wall time.
            CREATE TABLE expectation (
                name TEXT NOT NULL, family TEXT NOT NULL, subject TEXT NOT NULL, mark INTEGER NOT NULL,
                clock TEXT NOT NULL, opened INTEGER NOT NULL, since INTEGER NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'missed', 'late', 'dropped')),
                missed_at INTEGER, ended_at INTEGER, note TEXT, PRIMARY KEY (name, family, subject, mark)
            ) WITHOUT ROWID;
            CREATE INDEX expectation_due ON expectation (name, clock, opened) WHERE state = 'waiting';
            CREATE INDEX expectation_missed ON expectation (name, missed_at, subject, since) WHERE state = 'missed';
            CREATE INDEX expectation_subject ON expectation (subject);
            CREATE INDEX expectation_ended ON expectation (ended_at) WHERE ended_at IS NOT NULL;

            -- How much time has counted, by condition.
            CREATE TABLE expectation_clock (
                name TEXT PRIMARY KEY, reading INTEGER NOT NULL, seen_at INTEGER NOT NULL, stopped_since INTEGER,
                reason TEXT
            ) WITHOUT ROWID;

            -- The last step of the journal that has been read.
            CREATE TABLE expectation_tail (id INTEGER PRIMARY KEY CHECK (id = 1), step INTEGER NOT NULL);
            """)

    /// Whether the ledger has these tables: one that no worker of this version has opened has none.
    package static func areThere(_ snapshot: LedgerSnapshot) throws -> Bool {
        try snapshot.first("SELECT 1 FROM sqlite_schema WHERE name = 'expectation_tail'") { $0.integer(0) } != nil
    }
}
