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
}
