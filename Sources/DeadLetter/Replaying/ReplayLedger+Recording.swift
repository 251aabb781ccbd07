internal import Fleet
internal import Ledger
internal import Models

// What is written down of a batch before its letters come off their queue.
extension ReplayLedger {
    /// The broker has copies of these in their flow.
    func recordReplay(_ letters: [Letter], _ order: ReplayOrder, at now: Timestamp) async throws(ProgramError) {
        try await record(letters, order, at: now, action: "replay") { transaction, letter in
            // Unless it has failed again since: then the row tells of the newer letter.
            try transaction.end(letter, as: .replayed, from: [.open], note: "\(order.by): \(order.reason)")
            try transaction.journal(letter, "replayed", order.reason, by: order.by, at: now)
        }
    }

    /// Nobody needs these any more; their bodies are kept as long as the ledger keeps bodies.
    func recordDiscard(_ letters: [Letter], _ order: ReplayOrder, at now: Timestamp) async throws(ProgramError) {
        try await record(letters, order, at: now, action: "discard") { transaction, letter in
            try transaction.keep(letter, at: now)
            try transaction.end(letter, as: .discarded, from: [.open, .replayed], note: "\(order.by): \(order.reason)")
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
            try transaction.end(letter, as: .resolved, from: [.open, .replayed], note: why)
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
                // One that only its queue knew is known from here on.
                if try transaction.standing(of: letter) == .absent {
                    try transaction.index(letter, at: now.microseconds)
                }
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
        try execute(
            "INSERT OR IGNORE INTO replay (mark, letter, at, by, reason) VALUES (?, ?, ?, ?, ?)",
            .text(letter.mark), .text(letter.id), .integer(now), .text(order.by), .text(order.reason))
    }

    /// Its body is off the queue from now on.
    fileprivate func keep(_ letter: Letter, at now: Timestamp) throws {
        let id = try keepBody(letter.body, of: letter.id, letter.properties, at: now.microseconds)
        try execute(
            "UPDATE dead_letter SET payload = ? WHERE id = ? AND payload IS NULL", .text(id), .text(letter.id))
    }

    /// Moves the letter's row from one of these states on, unless it tells of a newer letter by now.
    fileprivate func end(
        _ letter: Letter, as state: DeadLetterState, from states: [DeadLetterState], note: String
    ) throws {
        for before in states {
            try execute(
                "UPDATE dead_letter SET state = ?, note = ? WHERE id = ? AND state = ? AND last_failed_at <= ?",
                .text(state.rawValue), .text(note), .text(letter.id), .text(before.rawValue),
                .integer(letter.lastFailedAt?.microseconds ?? .max))
        }
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
