internal import Fleet
internal import Ledger
internal import Models

/// Changes that are held back until a person has looked at them.
struct ParkedBatch: Sendable {
    var id: Int64
    var stream: String
    /// In microseconds since 1970.
    var at: Int64
    var reason: String
    /// A line for each doubtful change.
    var diff: [String]
    var messages: Int64
}

extension LedgerTransaction {
    /// Holds the messages back; returns the batch's number.
    func park(
        _ announcements: [Announcement], of stream: String, _ alarm: BatchAlarm, now: Int64
    ) throws -> Int64 {
        let id = try first(
            "INSERT INTO feed_parked (stream, at, reason, diff) VALUES (?, ?, ?, ?) RETURNING id", .text(stream),
            .integer(now), .text(alarm.reason), .text(alarm.diff.joined(separator: "\n"))
        ) { $0.integer(0) }
        guard let id else { return 0 }
        for (position, announcement) in announcements.enumerated() {
            let message = StoredMessage(announcement)
            try execute(
                """
                INSERT INTO feed_parked_message (batch, position, id, type, subject, revision, body)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
            ) { bind in
                bind.integer(id)
                bind.integer(Int64(position))
                bind.text(message.id)
                bind.text(message.type)
                bind.text(message.subject)
                bind.integer(message.revision)
                message.body.withUnsafeBytes { bind.blob($0) }
            }
        }
        return id
    }

    /// Has the batch told after all; returns how many messages that are, nil when there is no such batch. What has changed
    /// in the ERP meanwhile is newer, and stays.
    func release(_ id: Int64) throws -> Int? {
        guard try parkedBatches().contains(where: { $0.id == id }) else { return nil }
        let messages = try query(
            "SELECT id, type, subject, revision, body FROM feed_parked_message WHERE batch = ? ORDER BY position",
            .integer(id)
        ) { row in
            StoredMessage(
                id: row.text(0), type: row.text(1), subject: row.text(2), revision: row.integer(3), body: row.blob(4))
        }
        for message in messages { try enqueue(message) }
        try forgetTwins(of: id)
        try discard(id)
        return messages.count
    }

    /// What a later read parked once more is told now, too; a batch of nothing else is over.
    private func forgetTwins(of id: Int64) throws {
        try execute(
            """
            DELETE FROM feed_parked_message WHERE batch <> ?1 AND (type, subject, revision) IN
                (SELECT type, subject, revision FROM feed_parked_message WHERE batch = ?1)
            """, .integer(id))
        try execute(
            "DELETE FROM feed_parked WHERE NOT EXISTS (SELECT 1 FROM feed_parked_message AS m WHERE m.batch = feed_parked.id)"
        )
    }

    /// Forgets the batch; false when there is none. Its objects are told again when they change again.
    @discardableResult
    func discard(_ id: Int64) throws -> Bool {
        try execute("DELETE FROM feed_parked_message WHERE batch = ?", .integer(id))
        return try execute("DELETE FROM feed_parked WHERE id = ?", .integer(id)) == 1
    }
}

extension LedgerSnapshot {
    /// What is held back, the oldest first.
    func parkedBatches() throws -> [ParkedBatch] {
        try query(
            """
            SELECT id, stream, at, reason, diff,
                (SELECT count(*) FROM feed_parked_message AS m WHERE m.batch = feed_parked.id)
            FROM feed_parked ORDER BY id
            """
        ) { row in
            ParkedBatch(
                id: row.integer(0), stream: row.text(1), at: row.integer(2), reason: row.text(3),
                diff: row.text(4).split(separator: "\n").map(String.init), messages: row.integer(5))
        }
    }
}
