internal import Fleet
internal import Ledger
internal import Models

/// A place in the ledger's file in which bodies of messages lie: a column of a table.
enum EraseShelf: String, Hashable, Sendable, CaseIterable {
    case payload, outbox
    case post = "store_webhook_post"
    case parked = "feed_parked_message"
    /// An alert quotes the letters that it is about, long after these are gone.
    case alert
    /// What the watch has said last, and at the worst.
    case said = "alert_watch"
    case worst = "alert_watch worst"

    var place: ErasePlace {
        switch self {
        case .payload: .payloads
        case .outbox: .outbox
        case .post: .posts
        case .parked: .parked
        case .alert, .said, .worst: .alerts
        }
    }

    /// Whether it is there: modules bring their tables along when they first run, and later versions a column.
    func isThere(_ snapshot: LedgerSnapshot) throws -> Bool {
        let (table, column) = self == .worst ? ("alert_watch", "worst") : (rawValue, "body")
        let found = try snapshot.first(
            "SELECT 1 FROM pragma_table_info(?) WHERE name = ?", .text(table), .text(column)
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
        case .alert, .said, .worst: try alerts(last, limit, snapshot)
        }
    }

    private func alerts(_ last: ShelvedBody?, _ limit: Int, _ snapshot: LedgerSnapshot) throws -> [ShelvedBody] {
        var key = ""
        if case .alert(_, let end, _) = last?.origin { key = end }
        let (table, column) = alertColumn
        let sql =
            "SELECT key, \(column) FROM \(table) WHERE key > ? AND \(column) IS NOT NULL ORDER BY key LIMIT ?"
        return try snapshot.query(text: sql, [.text(key), .integer(Int64(limit))]) { row in
            ShelvedBody(
                origin: .alert(self, key: row.text(0), old: row.blob(1)), id: row.text(0), type: nil, body: row.blob(1))
        }
    }

    fileprivate var alertColumn: (table: String, column: String) {
        switch self {
        case .worst: ("alert_watch", "worst")
        default: (rawValue, "body")
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
        case alert(EraseShelf, key: String, old: [UInt8])
    }

    var origin: Origin
    var id: String
    var type: String?
    var body: [UInt8]
    /// What came with it and is text.
    var texts: [String: String] = [:]

    /// How a text that came with it is looked through, by its name.
    func reading(_ name: String) -> EraseProse.Reading {
        if case .outbox = origin { EraseProse.reading(header: name) } else { EraseProse.reading(property: name) }
    }

    /// Puts it back as it is now. What has gone meanwhile, or is another body, stays as it is.
    func putBack(_ transaction: LedgerTransaction) throws {
        if try isApplied(transaction) { return try remove(transaction) }
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
        case .alert(let shelf, let key, let old):
            let (table, column) = shelf.alertColumn
            try transaction.execute(
                text: "UPDATE \(table) SET \(column) = ? WHERE key = ? AND \(column) = ?",
                [.blob(body), .text(key), .blob(old)])
        }
    }

    // MARK: - What was applied before

    /// Whether it tells a revision once more that has been applied. With another content, which it has now, that would be a
    /// conflict of the same revision and a letter; the next revision brings the object anyway.
    private func isApplied(_ transaction: LedgerTransaction) throws -> Bool {
        switch origin {
        case .outbox(let waiting):
            let message = waiting.message
            guard message.headers[MessageHeader.restated] == "true" else { return false }
            return try Self.isApplied(message.type, message.subject, message.revision, transaction)
        case .parked(let batch, let position):
            let row = try transaction.first(
                "SELECT type, subject, revision FROM feed_parked_message WHERE batch = ? AND position = ?",
                .integer(batch), .integer(position)
            ) { (type: $0.text(0), subject: $0.text(1), revision: $0.integer(2)) }
            guard let row else { return false }
            return try Self.isApplied(row.type, row.subject, row.revision, transaction)
        case .payload, .post, .alert: return false
        }
    }

    private static func isApplied(
        _ type: String, _ subject: String, _ revision: Int64, _ transaction: LedgerTransaction
    ) throws -> Bool {
        guard let family = Catalogue.type(named: type)?.family else { return false }
        return try (transaction.subjectState(family: family, subject: subject)?.revision ?? 0) >= revision
    }

    private func remove(_ transaction: LedgerTransaction) throws {
        switch origin {
        case .outbox(let waiting): try transaction.markPublished([waiting.sequence])
        case .parked(let batch, let position):
            try transaction.execute(
                "DELETE FROM feed_parked_message WHERE batch = ? AND position = ?", .integer(batch), .integer(position))
        case .payload, .post, .alert: break
        }
    }
}
