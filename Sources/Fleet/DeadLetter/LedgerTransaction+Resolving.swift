internal import Ledger
internal import Models

extension LedgerTransaction {
    /// Ends the story of the dead letters that have nothing left to say now that this message has been applied.
    func resolveDeadLetters(of message: Received) throws {
        guard try hasUnsettledDeadLetters() else { return }
        try settleDeadLetters(by: AppliedRevision(message))
    }

    /// The same after a claim was refused, because the ledger is at this revision already or beyond it.
    func resolveDeadLetters(of message: Received, after claim: Claim) throws {
        switch claim {
        case .duplicate:
            guard try hasUnsettledDeadLetters() else { return }
            try settleDeadLetters(by: AppliedRevision(message, isRepeated: true))
        case .superseded:
            guard try hasUnsettledDeadLetters() else { return }
            let state = try subjectState(family: message.type.family, subject: message.envelope.subject)
            guard let state else { return }
            try settleDeadLetters(
                by: AppliedRevision(state, overtaking: message),
                noteOfOlder: "overtaken by revision \(state.revision)")
        case .claimed, .conflict, .busy: break
        }
    }

    private func settleDeadLetters(by applied: AppliedRevision, noteOfOlder note: String? = nil) throws {
        let letters = try unsettledDeadLetters(subject: applied.subject, upTo: applied.revision)
            .filter { applied.types.contains($0.type ?? "") }
        guard !letters.isEmpty else { return }
        let corrected = applied.originals(among: letters)
        for letter in letters {
            if letter.revision != applied.revision {
                try resolve(letter, note: note)
            } else if corrected.contains(letter.id) {
                try resolve(letter)
            } else {
                try settle(twin: letter, by: applied)
            }
        }
    }

    /// A letter of the very revision that has arrived: over when it says the same, and else for a person to solve.
    private func settle(twin letter: DeadLetterRecord, by applied: AppliedRevision) throws {
        guard let hash = applied.hash else { return try resolve(letter) }
        guard !applied.isKnownToDiffer(letter) else { return }
        guard let content = content(of: letter) else {
            if applied.isProbably(letter) { try resolve(letter) }
            return
        }
        if content == hash { try resolve(letter) } else { try contradict(letter, applied) }
    }

    private func resolve(_ letter: DeadLetterRecord, note: String? = nil) throws {
        _ = try updateDeadLetter(id: letter.id, from: letter.state, to: .resolved, note: note)
    }

    /// Nil where the body is not kept, or breaks its contract.
    private func content(of letter: DeadLetterRecord) -> ContentDigest? {
        // A body that cannot be read must not keep the message from being applied.
        guard let name = letter.payload, let kept = try? payload(id: name) else { return nil }
        return try? MessageReader().read(kept.body, IncomingMessage(kept.transport)).claimKey.hash
    }

    /// Said once, where people look: in the letter's row and in its story.
    private func contradict(_ letter: DeadLetterRecord, _ applied: AppliedRevision) throws {
        let other = applied.message.map { ", as message \($0)" } ?? ""
        let note = "\(DeadLetterRecord.contradiction): revision \(applied.revision) came with other content\(other)"
        guard try annotateDeadLetter(id: letter.id, note: note) else { return }
        try journal(
            JournalEntry(
                at: Timestamp.now().microseconds, messageID: letter.id, type: letter.type, subject: letter.subject,
                revision: letter.revision, stage: "conflict", code: DeadLetterRecord.sameRevision, detail: note,
                attempt: letter.attempts))
    }
}

extension MessageType {
    /// The names of all types that restate the same kind of object.
    var familyTypes: [String] { Catalogue.types.filter { $0.family == family }.map(\.name) }
}
