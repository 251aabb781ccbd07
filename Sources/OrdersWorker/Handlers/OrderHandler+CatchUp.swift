internal import Fleet
internal import Ledger
internal import Models

// What need not be sent any more, because the store has said more since: after an outage, above all.
extension OrderHandler {
    /// An order's newest revision goes alone, for it restates the whole order; and where that is a cancellation of an order
    /// that the ERP has never heard of, nothing goes.
    ///
    /// The store's last word counts even if the ERP refuses it: then that message is in front of a person, and sending an
    /// older one meanwhile would have the ERP deliver what the buyer has changed. Only what a person has set aside is
    /// nobody's word any more.
    func ruling(on message: Received, known: SubjectState?, in snapshot: LedgerSnapshot) throws -> Ruling? {
        let revision = message.envelope.revision
        guard let word = try snapshot.lastWord(of: message), word.revision >= revision else { return nil }
        let isUnheard = isUnheard(word, known)
        if word.revision == revision {
            guard isUnheard else { return nil }
            return try cancellation(message, after: word, known)
        }
        guard try !snapshot.isDiscarded(word, ofObjectOf: message) else { return nil }
        return isUnheard ? .withheld(by: word.revision) : .overtaken(by: word.revision)
    }

    /// Whether the order is cancelled and certainly unknown to the ERP: this ledger has seen it from its first revision on,
    /// and nobody has ever been on the way to call for it.
    private func isUnheard(_ word: LastWord, _ known: SubjectState?) -> Bool {
        withholdsCancelled && word.isCancelled && word.firstRevision == 1 && known.isUnheard
    }

    /// The answer to the cancellation itself. One that is all that was ever seen of the order goes to the ERP: what came
    /// before it may have been there before this ledger was.
    private func cancellation(
        _ message: Received, after word: LastWord, _ known: SubjectState?
    ) throws(Failure) -> Ruling? {
        guard message.type == Catalogue.orderCancelled, known != nil || word.firstRevision < word.revision else {
            return nil
        }
        let order = try message.content(as: Order.self)
        return .answered(Effect.cancelledUnheard(order).endingWord(of: message))
    }

    // MARK: - What goes first

    var knowsUrgency: Bool { true }

    func urgency(of message: Received, in snapshot: LedgerSnapshot) throws -> Urgency {
        guard let order = message.payload as? Order else { return .none }
        return try snapshot.urgency(of: message, order)
    }
}

extension Effect {
    /// The same, and what was noted of the order up to this revision has nothing left to say.
    func endingWord(of message: Received) -> Effect {
        var effect = self
        effect.record = { [record] transaction in
            try transaction.forgetLastWord(
                family: message.type.family, subject: message.envelope.subject, upTo: message.envelope.revision)
            return try record(transaction)
        }
        return effect
    }
}
