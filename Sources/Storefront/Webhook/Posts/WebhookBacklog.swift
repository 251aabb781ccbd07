public import Ledger

/// What has yet to be posted to a store, for whoever runs the fleet.
public struct WebhookBacklog: Hashable, Sendable {
    /// Why nothing is posted.
    public struct Pause: Hashable, Sendable {
        /// In microseconds since 1970.
        public var since: Int64
        /// Nil when the store wants no posts any more.
        public var until: Int64?
        /// One sentence.
        public var reason: String
    }

    /// An object that the store has not taken at the last try.
    public struct Failure: Hashable, Sendable {
        /// In microseconds since 1970.
        public var since: Int64
        /// Its family and subject.
        public var object: String
        /// One sentence.
        public var reason: String
    }

    /// Objects that wait.
    public var waiting: Int
    /// Since when the first of them waits, in microseconds since 1970.
    public var oldest: Int64?
    /// Of those, the ones that the store has not taken at the last try.
    public var failing: Int
    /// The one of them that it has refused for longest.
    public var worst: Failure?
    /// Nil while posts are made.
    public var pause: Pause?

    /// What a ledger holds at `now`; nil when no worker has posted from it yet.
    public init?(_ snapshot: LedgerSnapshot, now: Int64) throws {
        let isThere = try snapshot.first(
            "SELECT 1 FROM sqlite_schema WHERE name = 'store_webhook_pause'"
        ) { _ in 1 }
        guard isThere != nil else { return nil }
        waiting = Int(try snapshot.first("SELECT count(*) FROM store_webhook_post") { $0.integer(0) } ?? 0)
        oldest =
            try snapshot.first("SELECT min(waiting_since) FROM store_webhook_post") { $0.optionalInteger(0) } ?? nil
        failing = Int(
            try snapshot.first(
                "SELECT count(*) FROM store_webhook_post WHERE failing_since IS NOT NULL"
            ) { $0.integer(0) } ?? 0)
        pause = try snapshot.webhookPause(at: now)
        worst = try snapshot.first(
            """
            SELECT failing_since, family || ' ' || subject, last_failure FROM store_webhook_post
            WHERE failing_since IS NOT NULL ORDER BY failing_since LIMIT 1
            """
        ) { Failure(since: $0.integer(0), object: $0.text(1), reason: $0.text(2)) }
    }
}
