internal import Ledger

/// A table of the ledger's file in which bodies of messages lie.
enum EraseShelf: String, Hashable, Sendable, CaseIterable {
    case payload, outbox
    case post = "store_webhook_post"
    case parked = "feed_parked_message"

    var place: ErasePlace {
        switch self {
        case .payload: .payloads
        case .outbox: .outbox
        case .post: .posts
        case .parked: .parked
        }
    }

    /// Whether the table is there: modules bring theirs along when they first run.
    func isThere(_ snapshot: LedgerSnapshot) throws -> Bool {
        let found = try snapshot.first(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", .text(rawValue)
        ) { $0.integer(0) }
        return found != nil
    }

    /// Bodies behind a place, in their order; begin without one.
    func page(behind last: ShelvedBody?, limit: Int, _ snapshot: LedgerSnapshot) throws -> [ShelvedBody] {
        switch self {
        case .payload: try payloads(last, limit, snapshot)
        case .outbox: try outbox(last, limit, snapshot)
        case .post: try posts(last, limit, snapshot)
        case .parked: try parked(last, limit, snapshot)
        }
    }

    private func payloads(_ last: ShelvedBody?, _ limit: Int, _ snapshot: LedgerSnapshot) throws -> [ShelvedBody] {
        var number: Int64 = 0
        if case .payload(let kept) = last?.origin { number = kept.number }
        return try snapshot.payloads(behind: number, limit: limit).map {
            ShelvedBody(
                origin: .payload($0), id: $0.payload.id, type: $0.payload.properties["type"], body: $0.payload.body,
                texts: $0.payload.properties)
        }
    }

    private func outbox(_ last: ShelvedBody?, _ limit: Int, _ snapshot: LedgerSnapshot) throws -> [ShelvedBody] {
        var sequence: Int64 = 0
        if case .outbox(let waiting) = last?.origin { sequence = waiting.sequence }
        return try snapshot.waitingOutbox(behind: sequence, limit: limit).map {
            ShelvedBody(
                origin: .outbox($0), id: $0.message.id, type: $0.message.type, body: $0.message.body,
                texts: $0.message.headers)
        }
    }

    private func posts(_ last: ShelvedBody?, _ limit: Int, _ snapshot: LedgerSnapshot) throws -> [ShelvedBody] {
        var number: Int64 = 0
        if case .post(let sequence, _) = last?.origin { number = sequence }
        return try snapshot.query(
            """
            SELECT sequence, revision, id, type, body FROM store_webhook_post WHERE sequence > ? ORDER BY sequence LIMIT ?
            """, .integer(number), .integer(Int64(limit))
        ) { row in
            ShelvedBody(
                origin: .post(sequence: row.integer(0), revision: row.integer(1)), id: row.text(2), type: row.text(3),
                body: row.blob(4))
        }
    }

    private func parked(_ last: ShelvedBody?, _ limit: Int, _ snapshot: LedgerSnapshot) throws -> [ShelvedBody] {
        var (batch, position): (Int64, Int64) = (0, 0)
        if case .parked(let one, let other) = last?.origin { (batch, position) = (one, other) }
        return try snapshot.query(
            """
            SELECT batch, position, id, type, body FROM feed_parked_message WHERE (batch, position) > (?, ?)
            ORDER BY batch, position LIMIT ?
            """, .integer(batch), .integer(position), .integer(Int64(limit))
        ) { row in
            ShelvedBody(
                origin: .parked(batch: row.integer(0), position: row.integer(1)), id: row.text(2), type: row.text(3),
                body: row.blob(4))
        }
    }
}

/// A body on its shelf.
struct ShelvedBody: Sendable {
    /// Where it lies.
    enum Origin: Sendable {
        case payload(NumberedPayload)
        case outbox(WaitingOutboxMessage)
        case post(sequence: Int64, revision: Int64)
        case parked(batch: Int64, position: Int64)
    }

    var origin: Origin
    var id: String
    var type: String?
    var body: [UInt8]
    /// What came with it and is text.
    var texts: [String: String] = [:]

    /// Puts it back as it is now. What has gone meanwhile, or is another body, stays as it is.
    func putBack(_ transaction: LedgerTransaction) throws {
        switch origin {
        case .payload(var kept):
            (kept.payload.body, kept.payload.properties) = (body, texts)
            try transaction.replacePayload(kept)
        case .outbox(var waiting):
            (waiting.message.body, waiting.message.headers) = (body, texts)
            try transaction.replaceOutbox(waiting)
        case .post(let sequence, let revision):
            try transaction.execute(
                "UPDATE store_webhook_post SET body = ? WHERE sequence = ? AND revision = ?", .blob(body),
                .integer(sequence), .integer(revision))
        case .parked(let batch, let position):
            try transaction.execute(
                "UPDATE feed_parked_message SET body = ? WHERE batch = ? AND position = ?", .blob(body),
                .integer(batch), .integer(position))
        }
    }
}
