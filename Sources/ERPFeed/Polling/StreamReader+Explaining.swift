internal import ERP
internal import Fleet
internal import Ledger
internal import Logging
internal import Models

// What of the ERP's rows could not be told, in the log and in the journal.
extension StreamReader {
    /// Journals what cannot be read, and returns it. A look back sees most of it again and again, so it tells only what is
    /// new to it.
    func explain(
        _ unreadable: [UnreadableChange], _ pass: FeedCursor.Pass, in transaction: LedgerTransaction
    ) throws -> [UnreadableChange] {
        try unreadable.filter { one in
            let isNew = try transaction.noteTold(
                family: "unreadable \(stream)", subject: "\(one.key ?? ""): \(one.reason)", revision: 1)
            guard isNew || pass != .lookBack else { return false }
            try journal(one.key ?? "", "unreadable", one.reason, in: transaction)
            return true
        }
    }

    /// Journals what was left out of what is told, once for each state of an object, and returns what was not said before.
    func explain(_ incomplete: [IncompleteChange], in transaction: LedgerTransaction) throws -> [IncompleteChange] {
        try incomplete.filter { one in
            let isNew = try transaction.noteTold(
                family: "incomplete \(stream)", subject: one.key, revision: one.revision)
            guard isNew else { return false }
            for omission in one.omissions { try journal(one.key, "incomplete", omission.reason, in: transaction) }
            if one.hasMore { try journal(one.key, "incomplete", "there is more than that", in: transaction) }
            return true
        }
    }

    private func journal(
        _ key: String, _ stage: String, _ reason: String, in transaction: LedgerTransaction
    ) throws {
        try transaction.journal(
            JournalEntry(
                at: Timestamp.now().microseconds, messageID: "", type: stream.kind.rawValue, subject: key, revision: 0,
                stage: stage, code: "feed.\(stage)", detail: reason, worker: tools.holder, attempt: 1))
    }

    func report(_ unreadable: [UnreadableChange]) {
        for one in unreadable {
            logger.error(
                "change not readable",
                metadata: [
                    "stream": "\(stream)", "key": "\(one.key ?? "?")", "reason": "\(one.reason)",
                    "remedy": "Correct it in the ERP: its next change is read again.",
                ])
        }
    }

    /// One line for a page: a catalogue may lack the same in each of its rows.
    func report(_ incomplete: [IncompleteChange]) {
        guard let first = incomplete.first, let omission = first.omissions.first else { return }
        logger.warning(
            "parts left out",
            metadata: [
                "stream": "\(stream)", "objects": "\(incomplete.count)", "first": "\(first.key)",
                "reason": "\(omission.reason)",
                "remedy":
                    "Correct it in the ERP: its next change is read again. The journal has each (feed.incomplete).",
            ])
    }
}
