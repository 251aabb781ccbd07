/// What the ledger keeps of a dead letter: enough to find, group and follow it. The letter itself is in its queue.
public struct DeadLetterRecord: Hashable, Sendable {
    /// The message's id, or one made for a message that has none.
    public var id: String
    /// The queue it came from.
    public var queue: String
    /// The flow it belongs to.
    public var flow: String
    /// The message's type, when it is known.
    public var type: String?
    /// The business key, when it is known.
    public var subject: String?
    /// The object's revision, when it is known.
    public var revision: Int64?
    /// Why it failed: stable and dotted.
    public var code: String
    /// The category of the failure, for example `rejected`.
    public var category: String
    /// Why it failed, in business language.
    public var sentence: String
    /// What to do about it, when that is known.
    public var remedy: String?
    /// Equal for failures with the same cause.
    public var fingerprint: String
    /// How often it was tried.
    public var attempts: Int
    /// When it failed first.
    public var firstFailedAt: Int64
    /// When it failed last.
    public var lastFailedAt: Int64
    /// Where its story stands.
    public var state: DeadLetterState
    /// Who last changed the state, and why.
    public var note: String?
    /// The id under which its body is kept among the payloads; nil when only the queue has it.
    public var payload: String?
    /// The message that it was corrected into, when it was.
    public var editedAs: String?
    /// The letter that this message corrects, when it does: set by the ledger, which knows.
    public var editedFrom: String?

    /// What the ledger keeps of a dead letter.
    public init(
        id: String, queue: String, flow: String, type: String? = nil, subject: String? = nil,
        revision: Int64? = nil, code: String, category: String, sentence: String, remedy: String? = nil,
        fingerprint: String,
        attempts: Int, firstFailedAt: Int64, lastFailedAt: Int64, state: DeadLetterState = .open,
        note: String? = nil, payload: String? = nil
    ) {
        self.id = id
        self.queue = queue
        self.flow = flow
        self.type = type
        self.subject = subject
        self.revision = revision
        self.code = code
        self.category = category
        self.sentence = sentence
        self.remedy = remedy
        self.fingerprint = fingerprint
        self.attempts = attempts
        self.firstFailedAt = firstFailedAt
        self.lastFailedAt = lastFailedAt
        self.state = state
        self.note = note
        self.payload = payload
    }
}

/// Where the story of a dead letter stands.
public enum DeadLetterState: String, Hashable, Sendable, CaseIterable {
    /// It waits for a person.
    case open
    /// It has been sent again; how that ended is not known yet.
    case replayed
    /// Its object has arrived.
    case resolved
    /// A person decided that it is not needed.
    case discarded
}

extension LedgerTransaction {
    /// Records a dead letter. One that fails again is open again and keeps the time of its first failure.
    public func recordDeadLetter(_ letter: DeadLetterRecord) throws(LedgerError) {
        _ = try connection.run(
            """
            INSERT INTO dead_letter (id, queue, flow, type, subject, revision, code, category, sentence, fingerprint,
                attempts, first_failed_at, last_failed_at, state, note, payload, remedy, edited_from)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                (SELECT id FROM dead_letter WHERE edited_as = ?1))
            ON CONFLICT (id) DO UPDATE SET
                queue = excluded.queue, flow = excluded.flow, type = excluded.type, subject = excluded.subject,
                revision = excluded.revision, code = excluded.code, category = excluded.category,
                sentence = excluded.sentence, fingerprint = excluded.fingerprint, attempts = excluded.attempts,
                first_failed_at = min(first_failed_at, excluded.first_failed_at),
                last_failed_at = excluded.last_failed_at, state = excluded.state, note = excluded.note,
                payload = excluded.payload, remedy = excluded.remedy
            """
        ) { bind in
            bind.text(letter.id)
            bind.text(letter.queue)
            bind.text(letter.flow)
            bind.text(letter.type)
            bind.text(letter.subject)
            bind.integer(letter.revision)
            bind.text(letter.code)
            bind.text(letter.category)
            bind.text(letter.sentence)
            bind.text(letter.fingerprint)
            bind.integer(Int64(letter.attempts))
            bind.integer(letter.firstFailedAt)
            bind.integer(letter.lastFailedAt)
            bind.text(letter.state.rawValue)
            bind.text(letter.note)
            bind.text(letter.payload)
            bind.text(letter.remedy)
        }
    }

    /// Moves a dead letter from one state to another; returns false when it was not in that state, so that of two
    /// people who act on the same letter one wins and the other is told.
    public func updateDeadLetter(
        id: String, from: DeadLetterState, to state: DeadLetterState, note: String? = nil
    ) throws(LedgerError) -> Bool {
        let changed = try connection.run(
            "UPDATE dead_letter SET state = ?, note = coalesce(?, note) WHERE id = ? AND state = ?"
        ) { bind in
            bind.text(state.rawValue)
            bind.text(note)
            bind.text(id)
            bind.text(from.rawValue)
        }
        return changed == 1
    }

    /// Says what is known of an open letter of which nobody has said anything; whoever watches its cause looks at it
    /// again. Returns false when somebody has, or when it is not open.
    public func annotateDeadLetter(id: String, note: String) throws(LedgerError) -> Bool {
        let changed = try connection.run(
            """
            UPDATE dead_letter SET note = ?, last_failed_at = last_failed_at
            WHERE id = ? AND state = 'open' AND note IS NULL
            """
        ) { bind in
            bind.text(note)
            bind.text(id)
        }
        return changed == 1
    }
}

extension LedgerSnapshot {
    /// Whether the story of any dead letter has no end yet: asked once for a group of messages, so that nothing more
    /// need be asked for each of them while none waits.
    public final func hasUnsettledDeadLetters() throws(LedgerError) -> Bool {
        try connection.first(
            """
            SELECT 1 FROM dead_letter INDEXED BY dead_letter_unsettled WHERE state IN ('open', 'replayed') LIMIT 1
            """, { _ in }, row: { $0.integer(0) }) != nil
    }

    /// Letters of a subject, of any type, whose story has no end yet, up to that revision: one look into an index that is
    /// almost always empty. A letter whose revision could not be read is none of them, because nobody knows what it would
    /// have said.
    public final func unsettledDeadLetters(
        subject: String, upTo revision: Int64
    ) throws(LedgerError) -> [DeadLetterRecord] {
        try connection.all(
            try connection.prepare(
                """
                SELECT id, queue, flow, type, subject, revision, code, category, sentence, fingerprint, attempts,
                    first_failed_at, last_failed_at, state, note, payload, edited_as, edited_from, remedy
                FROM dead_letter INDEXED BY dead_letter_unsettled
                WHERE subject = ? AND revision BETWEEN 1 AND ? AND state IN ('open', 'replayed')
                """),
            { bind in
                bind.text(subject)
                bind.integer(revision)
            }, row: { DeadLetterRecord($0) })
    }
}
