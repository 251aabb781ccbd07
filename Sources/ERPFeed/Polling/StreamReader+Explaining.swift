internal import ERP
internal import Fleet
internal import Ledger
internal import Logging
internal import Models

// What of the ERP's rows could not be told, in the log and in the journal.
extension StreamReader {
    /// Keeps in mind and journals what of a page cannot be told, and forgets what of it can be again. Returns what is to be
    /// said: a look back sees most of it again and again, and what is left out is said once for each state of an object.
    func explain(
        _ page: Unexplained, _ cursor: FeedCursor, in transaction: LedgerTransaction
    ) throws -> Unexplained {
        if try transaction.hasGaps(in: cursor.stream) {
            let incomplete = Set(page.incomplete.map(\.key))
            for key in page.told where !incomplete.contains(key) {
                try transaction.closeGap(of: key, in: cursor.stream)
            }
        }
        return Unexplained(
            unreadable: try page.unreadable.filter { one in
                let isNew = try transaction.noteGap(gap(one, now: cursor.movedAt), now: cursor.movedAt)
                guard isNew || cursor.pass != .lookBack else { return false }
                try journal(one.key ?? "", "unreadable", one.reason, in: transaction)
                return true
            },
            incomplete: try page.incomplete.filter { one in
                guard try transaction.noteGap(gap(one, now: cursor.movedAt), now: cursor.movedAt) else { return false }
                for omission in one.omissions { try journal(one.key, "incomplete", omission.reason, in: transaction) }
                if one.hasMore { try journal(one.key, "incomplete", "there is more than that", in: transaction) }
                return true
            })
    }

    private func gap(_ change: UnreadableChange, now: Int64) -> FeedGap {
        FeedGap(
            stream: stream.description, key: change.key ?? "", kind: .unreadable, reason: change.reason, since: now)
    }

    private func gap(_ change: IncompleteChange, now: Int64) -> FeedGap {
        FeedGap(
            stream: stream.description, key: change.key, kind: .incomplete, revision: change.revision,
            reason: change.omissions.first?.reason ?? "", parts: Int64(change.omissions.count), since: now)
    }

    /// A read of everything has ended: what it did not come upon the ERP has no more. Not when the clock was set back
    /// meanwhile.
    func closeUnseenGaps(_ cursor: FeedCursor, in transaction: LedgerTransaction) throws {
        guard cursor.pass == .full, cursor.finishedAt != nil, cursor.startedAt <= cursor.movedAt else { return }
        try transaction.closeGaps(in: cursor.stream, notSeenSince: cursor.startedAt)
    }

    private func journal(
        _ key: String, _ stage: String, _ reason: String, in transaction: LedgerTransaction
    ) throws {
        try transaction.journal(
            JournalEntry(
                at: Timestamp.now().microseconds, messageID: "", type: stream.kind.rawValue, subject: key, revision: 0,
                stage: stage, code: "feed.\(stage)", detail: reason, worker: tools.holder, attempt: 1))
    }

    func report(_ page: Unexplained) {
        report(page.unreadable)
        report(page.incomplete)
    }

    private func report(_ unreadable: [UnreadableChange]) {
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
    private func report(_ incomplete: [IncompleteChange]) {
        guard let first = incomplete.first, let omission = first.omissions.first else { return }
        logger.warning(
            "parts left out",
            metadata: [
                "stream": "\(stream)", "objects": "\(incomplete.count)", "first": "\(first.key)",
                "reason": "\(omission.reason)",
                "remedy":
                    "Correct it in the ERP: its next change is read again. See `erp-feed gaps`; the journal has each part.",
            ])
    }
}

/// What of a page could not be told, or not wholly.
struct Unexplained: Sendable {
    /// The keys of all that is told, as the ERP states them.
    var told: [String] = []
    var unreadable: [UnreadableChange] = []
    var incomplete: [IncompleteChange] = []
}

extension Unexplained {
    init(_ page: ERPChanges) {
        self.init(told: page.changes.map(\.what.key), unreadable: page.unreadable, incomplete: page.incomplete)
    }
}

extension ERPChange {
    /// What ``UnreadableChange/key`` would be.
    fileprivate var key: String {
        if case .order(let order) = self { order.erpNumber } else { subject }
    }
}
