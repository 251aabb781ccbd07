internal import Ledger
internal import Models

/// How many rows are in the outbox.
struct OutboxCounts: Hashable, Sendable {
    var waiting = 0
    /// When the first that waits was written, as the store wrote it.
    var oldest: String?
    /// Sent, and still there.
    var sent = 0
    var refused = 0
}

/// A row that cannot be published.
struct RefusedOutboxRow: Hashable, Sendable {
    var id: Int64
    var type: String
    var subject: String
    var revision: String
    var at: String
    var code: String
    var text: String
}

/// What commands and the metrics page ask.
extension OutboxDatabase {
    func counts() async throws -> OutboxCounts {
        try await guest.read { snapshot in
            var counts = OutboxCounts()
            counts.waiting = Int(
                try snapshot.first(
                    "SELECT count(*) FROM stevedore_outbox WHERE sent_at IS NULL AND refused_code IS NULL"
                ) { $0.integer(0) } ?? 0)
            counts.oldest = try snapshot.first(
                """
                SELECT created_at FROM stevedore_outbox
                WHERE sent_at IS NULL AND refused_code IS NULL ORDER BY id LIMIT 1
                """
            ) { $0.text(0) }
            counts.sent = Int(
                try snapshot.first("SELECT count(*) FROM stevedore_outbox WHERE sent_at IS NOT NULL") {
                    $0.integer(0)
                } ?? 0)
            counts.refused = Int(
                try snapshot.first(
                    "SELECT count(*) FROM stevedore_outbox WHERE refused_code IS NOT NULL AND sent_at IS NULL"
                ) { $0.integer(0) } ?? 0)
            return counts
        }
    }

    /// The first rows that are refused.
    func refused(limit: Int) async throws -> [RefusedOutboxRow] {
        try await guest.read { snapshot in
            try snapshot.query(
                """
                SELECT id, type, subject, revision, refused_at, refused_code, refused_text FROM stevedore_outbox
                WHERE refused_code IS NOT NULL AND sent_at IS NULL ORDER BY id LIMIT ?
                """, .integer(Int64(limit))
            ) { row in
                RefusedOutboxRow(
                    id: row.integer(0), type: row.text(1), subject: row.text(2), revision: row.text(3),
                    at: row.text(4), code: row.text(5), text: row.text(6))
            }
        }
    }

    /// Lets refused rows wait again, all of them when none is named; returns their ids.
    func retry(_ ids: [Int64]?) async throws -> [Int64] {
        var retried: [Int64] = []
        let wanted = if let ids { ids } else { try await allRefused() }
        // In small steps, as everything here.
        for start in stride(from: 0, to: wanted.count, by: 200) {
            let part = wanted[start..<min(start + 200, wanted.count)]
            retried += try await guest.write { transaction in
                try part.filter { id in
                    try transaction.execute(
                        """
                        UPDATE stevedore_outbox SET refused_at = NULL, refused_code = NULL, refused_text = NULL
                        WHERE id = ? AND refused_code IS NOT NULL AND sent_at IS NULL
                        """, .integer(id)) == 1
                }
            }
        }
        return retried
    }

    private func allRefused() async throws -> [Int64] {
        try await guest.read { snapshot in
            try snapshot.query(
                "SELECT id FROM stevedore_outbox WHERE refused_code IS NOT NULL AND sent_at IS NULL ORDER BY id"
            ) { $0.integer(0) }
        }
    }
}

extension OutboxCounts {
    /// For how many seconds the first has waited; 0 when none waits.
    var oldestAge: Int64 {
        guard let oldest, let time = OutboxRow.time(of: oldest) else { return 0 }
        return max(Timestamp.now().microseconds - time.microseconds, 0) / 1_000_000
    }
}
