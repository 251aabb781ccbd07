internal import Ledger

/// Waits end by the wall clock, because several processes have to agree on them, and their beginnings are kept: one that
/// lies ahead of now was written before the clock was set back, and is over.
enum WaitingClock {
    /// A minute, in microseconds: what another process wrote while this one waited for the ledger is no such thing.
    static let tolerance: Int64 = 60_000_000
}

extension LedgerTransaction {
    /// Puts down a post in place of an older revision that waits. One that is on its way stays closed to others until its
    /// answer is there, or its lease is over.
    func enqueue(_ post: WebhookPost, now: Int64) throws {
        try execute(
            """
            INSERT INTO store_webhook_post
                (family, subject, revision, id, type, waiting_since, available_at, waits_from, body)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6, ?7)
            ON CONFLICT (family, subject) DO UPDATE SET revision = excluded.revision, id = excluded.id,
                type = excluded.type, body = excluded.body, attempts = 0,
                available_at = CASE WHEN lease_holder IS NULL THEN min(available_at, excluded.available_at)
                    ELSE available_at END
            WHERE revision < excluded.revision
            """
        ) { bind in
            bind.text(post.family)
            bind.text(post.subject)
            bind.integer(post.revision)
            bind.text(post.id)
            bind.text(post.type)
            bind.integer(now)
            bind.blob(post.body)
        }
    }

    /// Takes up to `limit` posts, the longest due first; none while the store wants none.
    func leasePosts(limit: Int, holder: String, lease: Duration, now: Int64) throws -> [LeasedPost] {
        guard try !isPaused(at: now) else { return [] }
        try redate(lease: lease, now: now)
        let due = try query(
            """
            SELECT sequence, fence + 1, attempts + 1, id, type, family, subject, revision, body
            FROM store_webhook_post INDEXED BY store_webhook_post_due WHERE available_at <= ?
            ORDER BY available_at, sequence LIMIT ?
            """, .integer(now), .integer(Int64(limit))
        ) { LeasedPost($0) }
        for post in due {
            try execute(
                """
                UPDATE store_webhook_post SET lease_holder = ?, available_at = ?, waits_from = ?, fence = ?, attempts = ?
                WHERE sequence = ?
                """, .text(holder), .integer(now + lease.microseconds), .integer(now), .integer(post.fence),
                .integer(Int64(post.attempts)), .integer(post.sequence))
        }
        return due
    }

    /// After the clock was set back, what waits is due now. What somebody has in hand is kept for another lease: whoever
    /// lives renews it.
    private func redate(lease: Duration, now: Int64) throws {
        try execute(
            """
            UPDATE store_webhook_post SET waits_from = ?1,
                available_at = CASE WHEN lease_holder IS NULL THEN ?1 ELSE ?2 END
            WHERE waits_from > ?3
            """, .integer(now), .integer(now + lease.microseconds), .integer(now + WaitingClock.tolerance))
    }

    /// Keeps what `holder` has taken for `lease` longer than now. What has run out already stays so.
    func renewPosts(holder: String, lease: Duration, now: Int64) throws {
        try execute(
            """
            UPDATE store_webhook_post SET available_at = ?, waits_from = ? WHERE lease_holder = ? AND available_at > ?
            """, .integer(now + lease.microseconds), .integer(now), .text(holder), .integer(now))
    }

    /// The store has taken it. A newer revision that came meanwhile is due now.
    /// - Returns: whether the post was still the holder's to answer for.
    func finish(_ leased: LeasedPost, now: Int64) throws -> Bool {
        let gone = try execute(
            "DELETE FROM store_webhook_post WHERE sequence = ? AND fence = ? AND id = ?", .integer(leased.sequence),
            .integer(leased.fence), .text(leased.post.id))
        if gone == 1 { return true }
        return try execute(
            """
            UPDATE store_webhook_post SET lease_holder = NULL, available_at = ?1, waits_from = ?1, waiting_since = ?1,
                failing_since = NULL, last_code = NULL, last_failure = NULL
            WHERE sequence = ?2 AND fence = ?3
            """, .integer(now), .integer(leased.sequence), .integer(leased.fence)) == 1
    }

    /// The store has not taken it: it is due again at `retryAt`. A newer revision that came meanwhile is due now.
    func fail(_ leased: LeasedPost, code: String, reason: String, retryAt: Int64, now: Int64) throws {
        try execute(
            """
            UPDATE store_webhook_post SET lease_holder = NULL, available_at = CASE WHEN id = ?1 THEN ?2 ELSE ?3 END,
                waits_from = ?3, failing_since = coalesce(failing_since, ?3), last_code = ?4, last_failure = ?5
            WHERE sequence = ?6 AND fence = ?7
            """, .text(leased.post.id), .integer(retryAt), .integer(now), .text(code), .text(reason),
            .integer(leased.sequence), .integer(leased.fence))
    }

    /// Nobody knows what came of it, or nothing did: it is due at once.
    func release(_ leased: LeasedPost, now: Int64) throws {
        try execute(
            """
            UPDATE store_webhook_post SET lease_holder = NULL, available_at = ?1, waits_from = ?1
            WHERE sequence = ?2 AND fence = ?3
            """, .integer(now), .integer(leased.sequence), .integer(leased.fence))
    }

    /// Nothing is posted until then, by whatever process; for good without `until`. The longest pause counts.
    /// - Returns: whether that is longer than was known.
    func pausePosts(until: Int64?, reason: String, now: Int64) throws -> Bool {
        try execute(
            """
            INSERT INTO store_webhook_pause (id, since, until, reason) VALUES (1, ?1, ?2, ?3)
            ON CONFLICT (id) DO UPDATE SET until = excluded.until, reason = excluded.reason,
                since = CASE WHEN until <= ?1 OR since > ?4 THEN ?1 ELSE since END
            WHERE until IS NOT NULL AND (excluded.until IS NULL OR excluded.until > until OR since > ?4)
            """, .integer(now), until.map { .integer($0) } ?? .null, .text(reason),
            .integer(now + WaitingClock.tolerance)) == 1
    }

    /// A store that wanted no posts for good may be asked again; a pause with an end lasts until then.
    func resumePosts() throws {
        try execute("DELETE FROM store_webhook_pause WHERE until IS NULL")
    }
}

extension LedgerSnapshot {
    /// Whether a post is due that the store wants.
    func isPostDue(at now: Int64) throws -> Bool {
        let due = try first(
            """
            SELECT 1 WHERE EXISTS (SELECT 1 FROM store_webhook_post WHERE available_at <= ?)
                OR EXISTS (SELECT 1 FROM store_webhook_post WHERE waits_from > ?)
            """, .integer(now), .integer(now + WaitingClock.tolerance)
        ) { _ in 1 }
        return try due != nil && !isPaused(at: now)
    }

    fileprivate func isPaused(at now: Int64) throws -> Bool { try webhookPause(at: now) != nil }

    /// Why nothing is posted now; nil while posts are made.
    func webhookPause(at now: Int64) throws -> WebhookBacklog.Pause? {
        try first(
            """
            SELECT since, until, reason FROM store_webhook_pause WHERE until IS NULL OR (until > ? AND since <= ?)
            """, .integer(now), .integer(now + WaitingClock.tolerance)
        ) { .init(since: $0.integer(0), until: $0.optionalInteger(1), reason: $0.text(2)) }
    }
}

extension LeasedPost {
    fileprivate init(_ row: borrowing SQLRow) {
        sequence = row.integer(0)
        fence = row.integer(1)
        attempts = Int(row.integer(2))
        post = WebhookPost(
            id: row.text(3), type: row.text(4), family: row.text(5), subject: row.text(6), revision: row.integer(7),
            body: row.blob(8))
    }
}

extension Duration {
    /// Whole microseconds; those of a schedule never overflow.
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000
    }
}
