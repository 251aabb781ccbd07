internal import Ledger

/// Where outages are kept, those of before as well.
enum OutageTables {
    static let migration = LedgerMigration(
        number: 7, name: "outages",
        script: """
            CREATE TABLE outage (
                number INTEGER PRIMARY KEY,
                destination TEXT NOT NULL,
                phase TEXT NOT NULL,
                began_at INTEGER NOT NULL,
                ended_at INTEGER,
                code TEXT NOT NULL,
                reason TEXT NOT NULL,
                remedy TEXT NOT NULL,
                probes INTEGER NOT NULL,
                probed_at INTEGER,
                relapses INTEGER NOT NULL,
                next_probe_at INTEGER NOT NULL,
                misses INTEGER NOT NULL,
                holder TEXT,
                lease_until INTEGER NOT NULL
            );
            -- The one that stands, of which there is one for each destination: what every worker looks at.
            CREATE UNIQUE INDEX outage_standing ON outage (destination) WHERE ended_at IS NULL;
            -- The last one before.
            CREATE INDEX outage_ended ON outage (destination, ended_at);
            """)

    /// Times in which a system is to be away, and how what waits for one that is away grows and shrinks.
    static let windows = LedgerMigration(
        number: 8, name: "maintenance windows",
        script: """
            CREATE TABLE maintenance_window (
                number INTEGER PRIMARY KEY,
                destination TEXT NOT NULL,
                starts_at INTEGER NOT NULL,
                ends_at INTEGER NOT NULL,
                reason TEXT NOT NULL,
                planned_by TEXT NOT NULL,
                planned_at INTEGER NOT NULL,
                cancelled_at INTEGER
            );
            -- What every worker asks twice a second: whether one stands.
            CREATE INDEX maintenance_window_ahead ON maintenance_window (ends_at) WHERE cancelled_at IS NULL;
            CREATE TABLE outage_sample (
                outage INTEGER NOT NULL,
                at INTEGER NOT NULL,
                queue TEXT NOT NULL,
                ready INTEGER NOT NULL,
                PRIMARY KEY (outage, at, queue)
            ) WITHOUT ROWID;
            ALTER TABLE outage ADD COLUMN window INTEGER;
            ALTER TABLE outage ADD COLUMN closed_by TEXT;
            ALTER TABLE outage ADD COLUMN drained_at INTEGER;
            ALTER TABLE outage ADD COLUMN told_at INTEGER;
            """)
}
