internal import Fleet
internal import Ledger
internal import Models

// What is written down of a batch before its letters come off their queue.
extension ReplayLedger {
    /// The broker has copies of these in their flow.
    func recordReplay(_ letters: [Letter], _ order: ReplayOrder, at now: Timestamp) async throws(ProgramError) {
        let note = "\(order.by): \(order.reason)"
        try await record(letters, order, at: now, action: "replay") { transaction, letter in
            // Unless it has failed again since: then the row tells of the newer letter.
            try transaction.end(letter, as: .replayed, from: [.open], note: note, at: now)
            try transaction.journal(letter, "replayed", order.reason, by: order.by, at: now)
        }
    }

    /// Nobody needs these any more; their bodies are kept as long as the ledger keeps bodies.
    /// - Parameter isTold: Whether the store is told of orders that are rejected so.
    func recordDiscard(
        _ letters: [Letter], _ order: ReplayOrder, tellingStore isTold: Bool, at now: Timestamp
    ) async throws(ProgramError) {
        let note = "\(order.by): \(order.reason)"
        try await record(letters, order, at: now, action: "discard") { transaction, letter in
            try transaction.end(letter, as: .discarded, from: [.open, .replayed], note: note, at: now)
            try transaction.keep(letter, at: now)
            try transaction.takeBackLastWord(
                ofLetterFrom: letter.flow, type: letter.type, subject: letter.subject, revision: letter.revision)
            if isTold { try transaction.reject(letter, because: order.reason, at: now) }
            try transaction.journal(letter, "discarded", order.reason, by: order.by, at: now)
        }
    }

    /// The object of each has arrived without it.
    func recordMoot(
        _ letters: [(letter: Letter, why: String)], _ order: ReplayOrder, at now: Timestamp
    ) async throws(ProgramError) {
        let reasons = Dictionary(letters.map { ($0.letter.mark, $0.why) }) { first, _ in first }
        try await record(letters.map(\.letter), order, at: now, action: "resolve") { transaction, letter in
            let why = reasons[letter.mark] ?? ""
            try transaction.end(letter, as: .resolved, from: [.open, .replayed], note: why, at: now)
            try transaction.journal(letter, "resolved", why, by: order.by, at: now)
        }
    }

    private func record(
        _ letters: [Letter], _ order: ReplayOrder, at now: Timestamp, action: String,
        _ body: @escaping @Sendable (LedgerTransaction, Letter) throws -> Void
    ) async throws(ProgramError) {
        guard let first = letters.first else { return }
        try await write { transaction in
            for letter in letters {
                try transaction.mark(letter, order, at: now.microseconds)
                try body(transaction, letter)
            }
            try transaction.record(
                OperatorAction(
                    at: now.microseconds, by: order.by, action: action, reason: order.reason, flow: first.flow,
                    letters: letters.count, detail: "from \(first.id)"))
        }
    }
}

extension LedgerTransaction {
    fileprivate func mark(_ letter: Letter, _ order: ReplayOrder, at now: Int64) throws {
        try execute("INSERT OR IGNORE INTO replay (mark, letter, at, by, reason) VALUES (?, ?, ?, ?, ?)") { bind in
            bind.text(letter.mark)
            bind.text(letter.id)
            bind.integer(now)
            bind.text(order.by)
            bind.text(order.reason)
        }
    }

    /// Whether the index knows nothing of this letter: ``IndexStanding/absent``, without reading the whole row.
    fileprivate func isAbsent(_ letter: Letter) throws -> Bool {
        guard case .dead = letter.source, let failedAt = try lastFailure(of: letter.id) else { return true }
        return failedAt < letter.failedAt
    }

    /// Its body is off the queue from now on.
    fileprivate func keep(_ letter: Letter, at now: Timestamp) throws {
        let id = try keepBody(letter.body, of: letter.id, letter.properties, at: now.microseconds)
        try execute(
            "UPDATE dead_letter SET payload = ? WHERE id = ? AND payload IS NULL", .text(id), .text(letter.id))
    }

    /// Moves the letter's row from one of these states on, unless it tells of a newer letter by now. One that only its
    /// queue knew is known from here on.
    fileprivate func end(
        _ letter: Letter, as state: DeadLetterState, from states: [DeadLetterState], note: String, at now: Timestamp
    ) throws {
        // Nearly always the row tells of this very letter, and is open.
        if let first = states.first, let failedAt = letter.lastFailedAt?.microseconds,
            try move(letter, from: first, to: state, note: note, failedAt: failedAt...failedAt)
        {
            return
        }
        if try isAbsent(letter), try index(letter, as: state, note: note, at: now.microseconds) { return }
        for before in states {
            _ = try move(
                letter, from: before, to: state, note: note,
                failedAt: .min...(letter.lastFailedAt?.microseconds ?? .max))
        }
    }

    private func move(
        _ letter: Letter, from before: DeadLetterState, to state: DeadLetterState, note: String,
        failedAt: ClosedRange<Int64>
    ) throws -> Bool {
        try execute(
            "UPDATE dead_letter SET state = ?, note = ? WHERE id = ? AND state = ? AND last_failed_at BETWEEN ? AND ?"
        ) { bind in
            bind.text(state.rawValue)
            bind.text(note)
            bind.text(letter.id)
            bind.text(before.rawValue)
            bind.integer(failedAt.lowerBound)
            bind.integer(failedAt.upperBound)
        } > 0
    }

    /// Puts a letter into the index as one that is over, and keeps its body; false where the index does not have such
    /// letters.
    private func index(_ letter: Letter, as state: DeadLetterState, note: String, at now: Int64) throws -> Bool {
        guard var record = DeadLetterRecord(letter, note: note) else { return false }
        record.state = state
        if letter.body.count <= IndexedBody.largest {
            record.payload = try keepBody(letter.body, of: letter.id, letter.properties, at: now)
        }
        try recordDeadLetter(record)
        return true
    }

    fileprivate func journal(
        _ letter: Letter, _ stage: String, _ detail: String, by: String, at now: Timestamp
    ) throws {
        try journal(
            JournalEntry(
                at: now.microseconds, messageID: letter.id, type: letter.type, subject: letter.subject,
                revision: letter.revision, stage: stage, code: letter.code, detail: detail, worker: by,
                attempt: letter.attempts))
    }
}
