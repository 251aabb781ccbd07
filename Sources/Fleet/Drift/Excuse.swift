package import Ledger
package import Models

/// Why the store and the ERP may well disagree about an object for now.
package enum Excuse: Hashable, Sendable {
    /// What brings them together is on its way; it says where.
    case onItsWay(String)
    /// A person has to see to something else first; it says what.
    case explained(String)
}

extension LedgerSnapshot {
    /// Why messages of these types have not brought the object to the other side yet, as far as the ledger knows; nil when
    /// nothing stands in the way.
    ///
    /// - Parameters:
    ///   - revision: The one that the ERP states, or our own of an order; 0 where it does not matter.
    ///   - stream: As the feed names it; nil for what no feed reads.
    package func excuse(
        for subject: String, types: [MessageType], revision: Int64, stream: String?
    ) throws -> Excuse? {
        if let letter = try letterExcuse(subject, types) { return letter }
        if let parked = try parkedExcuse(subject, types) { return .explained("parked batch \(parked)") }
        if let stream, try isUnreadable(subject, in: stream) {
            return .explained("the ERP's row cannot be read: see `erp-feed gaps`")
        }
        for type in types where try waitsInOutbox(subject, type) {
            return .onItsWay("\(type.name) waits to be published")
        }
        guard let stream, let family = types.first?.family else { return nil }
        let isTold = try toldRevision(family: family, subject: subject) >= revision
        return try isTold ? nil : feedExcuse(stream)
    }

    /// Whether the object was told at a revision that nobody has applied, or is being worked on, so that its message is in a
    /// queue, or lost.
    package func isUnderWay(_ subject: String, _ type: MessageType) throws -> Bool {
        let state = try subjectState(family: type.family, subject: subject)
        if let state, state.leaseHolder != nil || state.isUncertain { return true }
        guard type != Catalogue.orderStatus else {
            let stated = try first(
                "SELECT value FROM revision_counter WHERE family = ? AND subject = ?", .text(type.family),
                .text(subject)
            ) { $0.integer(0) }
            return (stated ?? 0) > (state?.revision ?? 0)
        }
        return try toldRevision(family: type.family, subject: subject) > (state?.revision ?? 0)
    }

    private func letterExcuse(_ subject: String, _ types: [MessageType]) throws -> Excuse? {
        let letters = try query(
            """
            SELECT type, code, state, id, flow FROM dead_letter
            WHERE subject = ? AND state IN ('open', 'replayed') ORDER BY last_failed_at DESC
            """, .text(subject)
        ) { row in
            UnsettledLetter(
                type: row.optionalText(0), code: row.text(1), state: row.text(2), id: row.text(3), flow: row.text(4))
        }
        return letters.first { $0.concerns(types) }?.excuse
    }

    private func parkedExcuse(_ subject: String, _ types: [MessageType]) throws -> Int64? {
        guard try has("feed_parked_message") else { return nil }
        let parked = try query(
            "SELECT batch, type FROM feed_parked_message WHERE subject = ? ORDER BY batch", .text(subject)
        ) { ($0.integer(0), $0.text(1)) }
        return parked.first { one in types.contains { $0.name == one.1 } }?.0
    }

    private func isUnreadable(_ subject: String, in stream: String) throws -> Bool {
        guard try has("feed_gap") else { return false }
        return try first(
            "SELECT 1 FROM feed_gap WHERE stream = ? AND key = ? AND kind = 'unreadable'", .text(stream), .text(subject)
        ) { $0.integer(0) } != nil
    }

    private func waitsInOutbox(_ subject: String, _ type: MessageType) throws -> Bool {
        try first("SELECT 1 FROM outbox WHERE subject = ? AND type = ?", .text(subject), .text(type.name)) {
            $0.integer(0)
        } != nil
    }

    /// A feed that rests has read everything; one that does not may come to it.
    private func feedExcuse(_ stream: String) throws -> Excuse? {
        guard try has("feed_cursor") else { return nil }
        let passes: [FeedCursor.Pass] = [.live, .full]
        for pass in passes {
            guard let cursor = try feedCursor(stream, pass), cursor.finishedAt == nil else { continue }
            return .onItsWay("the feed has not read all of \(stream) yet")
        }
        let waits = try FeedWait.all(self, now: Timestamp.now().microseconds)
        return waits.first { $0.stream == stream }.map { .onItsWay("the feed waits for the ERP: \($0.reason)") }
    }

    /// Whether some module has brought that table along.
    package func has(_ table: String) throws -> Bool {
        try first("SELECT 1 FROM sqlite_schema WHERE name = ?", .text(table)) { $0.integer(0) } != nil
    }
}

/// A dead letter whose story has no end yet.
struct UnsettledLetter: Hashable, Sendable {
    /// Nil where nobody could read what it is.
    var type: String?
    var code: String
    var state: String
    var id: String
    var flow: String

    /// Whether it may be a message of one of these types.
    func concerns(_ types: [MessageType]) -> Bool {
        type.map { type in types.contains { $0.name == type } } ?? true
    }

    /// What it explains, with the command that shows it.
    var excuse: Excuse {
        state == DeadLetterState.open.rawValue
            ? .explained("dead letter \(code) in \(flow): `dead-letter show \(id)`")
            : .onItsWay("dead letter \(id) has been replayed")
    }
}
