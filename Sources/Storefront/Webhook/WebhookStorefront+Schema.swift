public import Ledger

extension WebhookStorefront {
    /// Brings the tables up to date; call once at start.
    public static func migrate(_ ledger: Ledger) async throws {
        try await ledger.migrate(
            component: "storefront.webhook",
            [
                LedgerMigration(number: 1, name: "posts", script: posts),
                LedgerMigration(number: 2, name: "since when posts wait", script: waits),
            ])
    }

    private static let posts = """
        -- What has yet to be posted: one row for each object. Sequence numbers are never used twice, because a sender that
        -- wakes up late may still answer for one of them. `available_at` is when a row may be taken: when it is due, or
        -- when the lease of who took it is over.
        CREATE TABLE store_webhook_post (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, family TEXT NOT NULL, subject TEXT NOT NULL,
            revision INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, waiting_since INTEGER NOT NULL,
            available_at INTEGER NOT NULL, lease_holder TEXT, fence INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0, failing_since INTEGER, last_code TEXT, last_failure TEXT,
            body BLOB NOT NULL, UNIQUE (family, subject)
        );
        CREATE INDEX store_webhook_post_due ON store_webhook_post (available_at);
        CREATE INDEX store_webhook_post_leased ON store_webhook_post (lease_holder) WHERE lease_holder IS NOT NULL;
        CREATE INDEX store_webhook_post_failing ON store_webhook_post (failing_since) WHERE failing_since IS NOT NULL;
        CREATE INDEX store_webhook_post_waiting ON store_webhook_post (waiting_since);
        -- One row while the store wants no posts; without `until`, it wants none any more.
        CREATE TABLE store_webhook_pause (
            id INTEGER PRIMARY KEY CHECK (id = 1), since INTEGER NOT NULL, until INTEGER, reason TEXT NOT NULL
        );
        """

    /// `waits_from` is when `available_at` was set: what lies ahead was set before the clock was set back.
    private static let waits = """
        ALTER TABLE store_webhook_post ADD COLUMN waits_from INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX store_webhook_post_from ON store_webhook_post (waits_from);
        """
}
