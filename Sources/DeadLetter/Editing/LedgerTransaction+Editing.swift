internal import Fleet
internal import Ledger
internal import Models

extension LedgerTransaction {
    /// Puts a corrected message in a letter's place, all of it or nothing: the letter is over and keeps its body, its
    /// successor is in the outbox, and the journal has both.
    ///
    /// Refused when the letter is not open any more. With a `holder`, that one may publish the message itself for half
    /// a minute; returns its rows in the outbox, or nil when it has to wait there behind others of its subject.
    /// Without, the next worker publishes it. Who edits many letters writes down one ``OperatorAction`` for all.
    ///
    /// A queue that only looks on takes no message that breaks its contract, and so may never have noted this one: it
    /// gets a copy, in the same transaction.
    /// - Parameter isInQueue: whether the letter has to be taken off a queue yet.
    func replace(
        _ letter: Letter, by message: CorrectedMessage, _ order: ReplayOrder, isInQueue: Bool = true,
        at now: Timestamp, holder: String? = nil
    ) throws -> CorrectionRows? {
        try expectOpen(letter, at: now)
        try expectUncalled(letter, message)
        if isInQueue { try mark(letter, order, at: now) }
        let payload = try keepBody(letter.body, of: letter.id, letter.properties, at: now.microseconds)
        let note = "\(order.by): edited as \(message.id): \(order.reason)"
        try execute(
            """
            UPDATE dead_letter SET state = 'replayed', note = ?1, edited_as = ?2, payload = ?3,
                type = coalesce(nullif(type, ''), ?4), subject = coalesce(nullif(subject, ''), ?5),
                revision = coalesce(nullif(revision, 0), ?6)
            WHERE id = ?7 AND state = 'open'
            """, .text(note), .text(message.id), .text(payload), .text(message.type), .text(message.subject),
            .integer(message.revision), .text(letter.id))
        try journalEdit(letter, message, order, at: now)
        try enqueueOutbox(message.outbox, at: now.microseconds)
        for queue in try unawareObservers(of: message) {
            try enqueueOutbox(message.outbox(to: queue), at: now.microseconds)
        }
        return try holder.flatMap { try lease(message, to: $0, at: now) }
    }

    /// Those that have not noted the object at this revision. What they have noted they keep: it is what was said first.
    private func unawareObservers(of message: CorrectedMessage) throws -> [String] {
        try message.observers.filter { queue in
            let claim = FleetTopology.claimKey(of: message.content, in: queue)
            let noted = try subjectState(family: claim.family, subject: claim.subject)?.revision ?? 0
            return noted < claim.revision
        }
    }

    /// The letter is as it was when the person looked at it. One that only its queue knew is known from here on.
    private func expectOpen(_ letter: Letter, at now: Timestamp) throws {
        let isDone = try hasMark(of: letter)
        let record = try deadLetter(id: letter.id)
        let standing = try standing(of: letter)
        if let record, record.state != .open, standing != .absent { throw ProgramError.notOpen(record) }
        guard standing != .newer else { throw ProgramError.failedAgain(letter.id) }
        guard !isDone else { throw ProgramError.dealtWith(letter.id) }
        if standing == .absent { try index(letter, at: now.microseconds) }
    }

    /// What the other side may have already, it would be asked for and take for this.
    private func expectUncalled(_ letter: Letter, _ message: CorrectedMessage) throws {
        let claim = FleetTopology.claimKey(of: message.content, in: message.flow)
        let state = try subjectState(family: claim.family, subject: claim.subject)
        guard state?.isUncertain == true, letter.content != nil else { return }
        throw ProgramError.uncertain(letter.id)
    }

    /// So that a later replay takes the letter off its queue instead of publishing it.
    private func mark(_ letter: Letter, _ order: ReplayOrder, at now: Timestamp) throws {
        try execute(
            "INSERT INTO replay (mark, letter, at, by, reason) VALUES (?, ?, ?, ?, ?)", .text(letter.mark),
            .text(letter.id), .integer(now.microseconds), .text(order.by), .text(order.reason))
    }

    private func journalEdit(
        _ letter: Letter, _ message: CorrectedMessage, _ order: ReplayOrder, at now: Timestamp
    ) throws {
        let changed = message.changes.prefix(20).map(\.pointer).joined(separator: ", ")
        try journal(
            JournalEntry(
                at: now.microseconds, messageID: letter.id, type: letter.type, subject: letter.subject,
                revision: letter.revision, stage: "edited", code: letter.code,
                detail: "edited as \(message.id): \(order.reason) (\(changed))", worker: order.by,
                attempt: letter.attempts))
        try journal(
            JournalEntry(
                at: now.microseconds, messageID: message.id, type: message.type, subject: message.subject,
                revision: message.revision, stage: "edited", code: "ok",
                detail: "edited from \(letter.id): \(order.reason)", worker: order.by))
    }

    /// Keeps others from publishing the message for half a minute, and returns its rows in the outbox; nil when it is
    /// not the next one of its subject there, or somebody else is about to publish it.
    func lease(_ message: CorrectedMessage, to holder: String, at now: Timestamp) throws -> CorrectionRows? {
        let sequence = try first(
            """
            UPDATE outbox SET available_at = ?, lease_holder = ?, attempts = attempts + 1
            WHERE sequence = (SELECT max(sequence) FROM outbox WHERE subject = ? AND id = ? AND routing_key = ?)
                AND is_head = 1 AND lease_holder IS NULL
            RETURNING sequence
            """, .integer(now.microseconds + 30_000_000), .text(holder), .text(message.subject), .text(message.id),
            .text(message.flow)
        ) { $0.integer(0) }
        guard let sequence else { return nil }
        // Of its own subject these are right behind it, and so nobody else's until it is published.
        let copies = try query(
            "SELECT sequence, routing_key FROM outbox WHERE subject = ? AND id = ? AND sequence > ? ORDER BY sequence",
            .text(message.subject), .text(message.id), .integer(sequence)
        ) { CorrectionRows.Copy(sequence: $0.integer(0), queue: $0.text(1)) }
        return CorrectionRows(flow: sequence, copies: copies)
    }
}

extension ProgramError {
    /// Whether the letter itself takes no edit any more, whatever is typed.
    var endsEditing: Bool { code == "dead-letter.not-open" || code == "dead-letter.uncertain" }

    private static let story = "`dead-letter show` tells the whole story; only an open letter can be edited."

    /// Somebody has dealt with the letter: who, and how.
    static func notOpen(_ record: DeadLetterRecord) -> ProgramError {
        let deed =
            switch record.state {
            case .open: "is open"
            case .replayed: "was replayed already"
            case .resolved: "is resolved"
            case .discarded: "was discarded"
            }
        let note = record.note.map { " (\($0))" } ?? ""
        return ProgramError(
            code: "dead-letter.not-open", sentence: InertText.line("The letter \(record.id) \(deed)\(note)."),
            remedy: story, exit: .failure)
    }

    fileprivate static func uncertain(_ id: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.uncertain",
            sentence: InertText.line("The ERP may have taken what the letter \(id) says: its answer was lost."),
            remedy: "Replay the letter as it is, which asks the ERP. Then have the store change the order.",
            exit: .failure)
    }

    fileprivate static func dealtWith(_ id: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.not-open",
            sentence: InertText.line("The letter \(id) was dealt with already, and only has to go off its queue."),
            remedy: "`dead-letter replay` takes it off without publishing it.", exit: .failure)
    }

    fileprivate static func failedAgain(_ id: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.failed-again",
            sentence: InertText.line("The letter \(id) has failed again since you looked at it."),
            remedy: "Edit it again: it may say something else now.", exit: .failure)
    }
}
