package import Ledger

/// What is known of alerts, and who has been told of them.
package enum AlertTables {
    static let migration = LedgerMigration(
        number: 5, name: "alerts",
        script: """
            -- Every alert at its newest revision.
            CREATE TABLE alert (
                key TEXT PRIMARY KEY, revision INTEGER NOT NULL, state TEXT NOT NULL, kind TEXT NOT NULL,
                severity TEXT NOT NULL, code TEXT NOT NULL, flow TEXT, raised_at INTEGER NOT NULL,
                last_at INTEGER NOT NULL, resolved_at INTEGER, acknowledged_by TEXT, acknowledged_at INTEGER,
                note TEXT, body BLOB NOT NULL
            ) WITHOUT ROWID;
            CREATE INDEX alert_by_state ON alert (state, raised_at);

            -- What is, or was, to be said to whom. An episode of an alert is named by its beginning: one that comes
            -- again after it was resolved is told again.
            CREATE TABLE alert_notice (
                number INTEGER PRIMARY KEY, alert TEXT NOT NULL, episode INTEGER NOT NULL, rule TEXT NOT NULL,
                occasion TEXT NOT NULL, channel TEXT NOT NULL, recipient TEXT NOT NULL, due_at INTEGER NOT NULL,
                state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, copies INTEGER NOT NULL DEFAULT 0, message TEXT, reason TEXT, ended_at INTEGER
            );
            CREATE UNIQUE INDEX alert_notice_once ON alert_notice (alert, episode, channel, recipient, occasion)
                WHERE occasion <> 'again';
            CREATE INDEX alert_notice_due ON alert_notice (due_at) WHERE state = 'due';
            CREATE INDEX alert_notice_alert ON alert_notice (alert, episode);

            -- What the last look at the broker found; `missed` counts the looks since that did not find it.
            CREATE TABLE broker_finding (
                name TEXT PRIMARY KEY, kind TEXT NOT NULL, sentence TEXT NOT NULL, remedy TEXT NOT NULL,
                count INTEGER NOT NULL, since INTEGER NOT NULL, missed INTEGER NOT NULL DEFAULT 0
            ) WITHOUT ROWID;

            -- What the watch said of each thing last, and, of the same episode, when there was most of it. State and
            -- beginning are there for those who cannot read the body of a newer version.
            CREATE TABLE alert_watch (
                key TEXT PRIMARY KEY, state TEXT NOT NULL, raised_at INTEGER NOT NULL, said_at INTEGER NOT NULL,
                body BLOB NOT NULL, worst BLOB NOT NULL
            ) WITHOUT ROWID;

            -- What cannot be reached, though it may seem back for a moment: since when, and when that was seen last.
            CREATE TABLE outage_sighting (
                place TEXT PRIMARY KEY, since INTEGER NOT NULL, seen_at INTEGER NOT NULL
            ) WITHOUT ROWID;
            """)

    /// Whether the ledger has these tables: one that no worker of this version has opened has none.
    package static func areThere(_ snapshot: LedgerSnapshot) throws -> Bool {
        try snapshot.first("SELECT 1 FROM sqlite_schema WHERE name = 'alert_notice'") { $0.integer(0) } != nil
    }
}
