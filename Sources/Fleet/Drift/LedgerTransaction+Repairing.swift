package import ERP
package import Ledger
package import Models
internal import Storefront

/// Who has drift repaired, and why: what the journal says of each message.
package struct RepairNote: Hashable, Sendable {
    /// `anna@console-2`.
    package var by: String
    package var reason: String
    /// The stage of its steps in the journal.
    package static let stage = "reconcile"

    package init(by: String, reason: String) {
        self.by = by
        self.reason = reason
    }
}

extension LedgerTransaction {
    /// Has an object of the ERP told by the outbox, and written although it may be known.
    package func restate(_ announcement: Announcement, _ note: RepairNote, at now: Int64) throws {
        let (family, payload) = (announcement.type.family, announcement.payload)
        try noteTold(family: family, subject: payload.subject, revision: payload.revision)
        try send(announcement, isRestated: true, "told again", note, at: now)
    }

    /// The same at a revision that is ahead of the ERP's own, as the feed will count from now on.
    package func restateAhead(
        _ change: ERPChange, at revision: Int64, in stream: String, time: Timestamp, _ note: RepairNote, at now: Int64
    ) throws {
        guard let keys = change.keys, let announcement = change.restated(at: revision).announcement(at: time) else {
            return
        }
        let (shift, isTooGreat) = revision.subtractingReportingOverflow(change.revision)
        try list(change.subject, keys, in: stream, gone: 0, shift: isTooGreat ? .max : shift, now: now)
        try restate(announcement, note, at: now)
    }

    /// Tells how an order stands in the ERP at `version`, at the next revision of its status. An ERP that counts from an
    /// earlier version again, as after a restore, is followed.
    /// - Parameter told: What was told last when that was found out.
    /// - Returns: false when another version was told since: a status tells nobody whether it is older.
    package func restate(
        _ standing: OrderStatus, version: Int64, after told: Int64, time: Timestamp, _ note: RepairNote, at now: Int64
    ) throws -> Bool {
        let type = Catalogue.orderStatus
        guard try toldRevision(family: type.family, subject: standing.number) == told else { return false }
        if told > version { try forgetTold(family: type.family, subject: standing.number) }
        try noteTold(family: type.family, subject: standing.number, revision: version)
        let status = try fedStatus(standing, version: version)
        try send(Announcement(status, as: type, at: time), isRestated: true, "its status told again", note, at: now)
        return true
    }

    /// Tells the store that an object is gone, as the feed would; false when it need not be told any more.
    package func withdraw(
        _ keys: [String], of kind: ERPChangeKind, subject: String, in stream: String, _ note: RepairNote,
        at time: Timestamp
    ) throws -> Bool {
        let told = try toldRevision(family: kind.family, subject: subject)
        let withdrawal = try kind.withdrawal(
            of: keys, isAgain: false, after: told, today: String(time.description.prefix(10)), shown: self)
        guard case .told(let change) = withdrawal, let announcement = change.announcement(at: time) else {
            return false
        }
        try noteTold(family: kind.family, subject: subject, revision: change.revision)
        // Should it be there again, the feed has to count on from here.
        try list(subject, keys, in: stream, gone: 1, shift: nil, now: time.microseconds)
        try send(announcement, isRestated: false, "withdrawn", note, at: time.microseconds)
        return true
    }

    /// Has the newest revision of an order brought to the ERP once more, which has lost it. The worker asks the ERP first, and
    /// what the ERP then says of the order is news, whatever it counts. See `handover(of:hasTables:)` first.
    /// - Returns: false when it is on its way already, or its body is not kept.
    package func handOver(_ number: String, _ note: RepairNote, at now: Int64) throws -> Bool {
        let family = Catalogue.orderPlaced.family
        guard let state = try subjectState(family: family, subject: number),
            let message = try keptOrder(number, state),
            try state.isReopened || reopen(family: family, subject: number, revision: state.revision, now: now)
        else { return false }
        try forgetStatuses(of: number)
        // Who only looks on has it, so that it goes to the one queue.
        try enqueueOutbox(
            OutboxMessage(
                id: message.id, exchange: FleetTopology.requeueExchange, routingKey: Catalogue.orderPlaced.queue,
                contentType: IncomingMessage.structured, type: message.type, subject: message.subject,
                revision: message.revision, body: message.body), at: now)
        try journal(
            message.id, message.type, message.subject, message.revision, "reopened, and sent to the ERP again", note,
            now)
        return true
    }

    /// The ERP counts the states of an order anew that it is given anew.
    private func forgetStatuses(of number: String) throws {
        let family = Catalogue.orderStatus.family
        for told in [family, ToldRevision.fed(family), ToldRevision.fedAnswer(family)] {
            try forgetTold(family: told, subject: number)
        }
    }

    private func send(
        _ announcement: Announcement, isRestated: Bool, _ what: String, _ note: RepairNote, at now: Int64
    ) throws {
        var announcement = announcement
        if !announcement.payload.contractFaults.isEmpty { announcement.payload = announcement.payload.mended() }
        var message = OutboxMessage(announcement)
        if isRestated { message.headers[MessageHeader.restated] = "true" }
        try enqueueOutbox(message, at: now)
        try journal(message.id, message.type, message.subject, message.revision, what, note, now)
    }

    /// Writes down what is sent, by whom and why.
    func journal(
        _ id: String, _ type: String, _ subject: String, _ revision: Int64, _ what: String, _ note: RepairNote,
        _ now: Int64
    ) throws {
        try journal(
            JournalEntry(
                at: now, messageID: id, type: type, subject: subject, revision: revision, stage: RepairNote.stage,
                code: "ok", detail: "\(what): \(note.reason)", worker: note.by))
    }

    /// Has the feed know what the store is told of an object; a nil `shift` keeps the one that is there.
    private func list(
        _ subject: String, _ keys: [String], in stream: String, gone: Int64, shift: Int64?, now: Int64
    ) throws {
        guard try has("feed_listed") else { return }
        try execute(
            """
            INSERT INTO feed_listed (stream, subject, keys, listed_at, gone, shift)
            VALUES (?1, ?2, ?3, ?4, ?5, coalesce(?6, 0))
            ON CONFLICT DO UPDATE SET gone = ?5, shift = coalesce(?6, shift)
            """
        ) { bind in
            bind.text(stream)
            bind.text(subject)
            bind.text(keys.joined(separator: "\u{1F}"))
            bind.integer(now)
            bind.integer(gone)
            bind.integer(shift)
        }
    }
}

extension LedgerSnapshot {
    /// How far ahead of the ERP's own revision `version` the store is told an object that the ERP lists.
    package func listedShift(of subject: String, version: Int64, family: String, in stream: String) throws -> Int64 {
        guard try has("feed_listed") else { return 0 }
        let known = try first(
            "SELECT gone, shift FROM feed_listed WHERE stream = ? AND subject = ?", .text(stream), .text(subject)
        ) { (isGone: $0.integer(0) > 0, shift: $0.integer(1)) }
        guard let known else { return 0 }
        guard known.isGone else { return known.shift }
        return max(known.shift, try toldRevision(family: family, subject: subject) - version + 1)
    }

    /// Whether the store has been told that the object is gone, or need not be told.
    package func isListedGone(_ subject: String, in stream: String) throws -> Bool {
        guard try has("feed_listed") else { return false }
        return try first(
            "SELECT 1 FROM feed_listed WHERE stream = ? AND subject = ? AND gone IN (1, 3)", .text(stream),
            .text(subject)
        ) { $0.integer(0) } != nil
    }
}
