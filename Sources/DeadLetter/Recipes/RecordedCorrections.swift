internal import Fleet
internal import Ledger
internal import Models

/// Corrected messages in the outbox that this process publishes itself, in order for each subject.
struct CorrectionOutbox: Sendable {
    /// One whose turn it is.
    struct Leased: Sendable {
        let rows: CorrectionRows
        let message: CorrectedMessage
    }

    /// Nothing of their subjects lies before them, and nobody else publishes them for now.
    var ready: [Leased] = []
    /// Others of their subjects go first.
    var waiting: [CorrectedMessage] = []

    var count: Int { ready.count + waiting.count }

    /// Marks what is ready as published, and takes what may follow it.
    func advanced(in transaction: LedgerTransaction, holder: String, at now: Timestamp) throws -> CorrectionOutbox {
        try transaction.markPublished(ready.flatMap(\.rows.sequences))
        var next = CorrectionOutbox()
        for message in waiting {
            next.add(message, try transaction.lease(message, to: holder, at: now))
        }
        return next
    }

    mutating func add(_ message: CorrectedMessage, _ rows: CorrectionRows?) {
        guard let rows else { return waiting.append(message) }
        ready.append(Leased(rows: rows, message: message))
    }
}

/// What one transaction has made of a batch.
struct RecordedCorrections: Sendable {
    /// These may come off their queue.
    private(set) var done: [TakenLetter] = []
    /// Why others stay: a sentence for each.
    private(set) var refusals: [String] = []
    private(set) var outbox = CorrectionOutbox()
    /// By the letter's mark.
    private var corrected: [String: TakenLetter] = [:]

    /// Puts the corrected message in the letter's place, as `dead-letter edit` does. A letter that somebody has dealt
    /// with meanwhile is left; one that lies there twice is corrected once.
    mutating func add(
        _ taken: TakenLetter, _ order: ReplayOrder, in transaction: LedgerTransaction, holder: String,
        at now: Timestamp
    ) throws {
        guard let message = taken.correction else { return }
        if let twin = corrected[taken.letter.mark] {
            done.append(TakenLetter(letter: taken.letter, correction: twin.correction))
            return
        }
        do {
            let rows = try transaction.savepoint {
                try transaction.replace(taken.letter, by: message, order, at: now, holder: holder)
            }
            outbox.add(message, rows)
            corrected[taken.letter.mark] = taken
            done.append(taken)
        } catch let error as ProgramError {
            refusals.append(error.sentence)
        }
    }
}
