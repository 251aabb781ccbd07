internal import Fleet
internal import Ledger

extension WhyMessage {
    /// What became of this very message, then how its object stands, where one is known.
    func verdict(_ facts: WhyFacts?) -> WhyVerdict {
        let rest = facts?.verdict
        let about = facts.map { " of \($0.thing.name)" } ?? subject.map { " of \($0)" } ?? ""
        if let letter, letter.state == .open {
            // Where it is what stops its object, that has been said.
            let more = facts?.isStopped(by: letter) == true ? "" : rest.map { " \($0.sentence)" } ?? ""
            return WhyVerdict(
                "dead-letter.open", "\(what)\(about) \(letter.openClause)\(more)",
                next: "Nothing more happens by itself.",
                remedy: letter.mending, told: rest?.told)
        }
        let sentence = "\(what)\(about) \(ending)." + (rest.map { " \($0.sentence)" } ?? "")
        return WhyVerdict(
            rest?.code ?? "message", sentence, next: rest?.next ?? "Nothing more is known of it.",
            remedy: rest?.remedy, told: rest?.told)
    }

    private var what: String {
        let parts = [type, revision.map { "revision \($0)" }].compactMap { $0 }
        return "Message \(id)" + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
    }

    /// What a person has decided, unless it has gone on since; else its last step.
    private var ending: String {
        let handled = ["dead-lettered", "replayed", "edited", "discarded", "resolved"]
        if let letter, steps.last.map({ handled.contains($0.stage) }) ?? true { return handling(of: letter) }
        guard let step = steps.last else { return "was kept at \(keptAt.map(WhyTime.text) ?? "an unknown time")" }
        return journey(step) ?? handling(step)
    }

    private func handling(of letter: DeadLetterRecord) -> String {
        let deed = steps.last { ["replayed", "edited"].contains($0.stage) }
        let by = deed.map { step in (step.worker.map { " by \($0)" } ?? "") + " at \(WhyTime.text(step.at))" } ?? ""
        let failed = "was a dead letter at \(WhyTime.text(letter.lastFailedAt))"
        switch letter.state {
        case .open: return letter.openClause
        case .discarded: return "\(failed), and \(letter.discardedClause)"
        case .resolved: return "\(failed), and is resolved" + (letter.note.map { " (\($0))" } ?? "")
        case .replayed:
            return letter.editedAs.map { "\(failed), and was corrected\(by) and sent as \($0)" }
                ?? "\(failed), and was replayed\(by)"
        }
    }

    /// A step on the way to its object.
    private func journey(_ step: JournalEntry) -> String? {
        let at = WhyTime.text(step.at)
        let because = step.detail.map { ": \(WhyFacts.bare($0))" } ?? ""
        switch step.stage {
        case "applied": return "was applied at \(at)"
        case "restated": return "was applied once more at \(at)"
        case "duplicate": return "was a repetition of what was applied already, at \(at)"
        case "superseded": return "was superseded at \(at)" + because
        case "withheld": return "was kept from the ERP at \(at)" + because
        case "conflict": return "was refused at \(at), because its revision was applied with another content"
        case "noted": return "was noted at \(at)"
        case "posted": return "was taken by the store at \(at)"
        case "claimed": return "was begun at \(at)" + (step.worker.map { " by \($0)" } ?? "")
        case "retried", "returned":
            return "was put back at \(at), to be tried again: \(WhyFacts.bare(step.waitReason))"
        case "sent-again" where step.code == "body.gone":
            return "was given up at \(at), because its queue had not got it and its body is not kept any more"
        case "sent-again": return "was sent again at \(at), because its queue had not got it"
        default: return nil
        }
    }

    /// What was done to a letter whose row is not kept any more, or a step that this program does not know.
    private func handling(_ step: JournalEntry) -> String {
        let at = WhyTime.text(step.at)
        let by = step.worker.map { " by \($0)" } ?? ""
        let because = step.detail.map { ": \(WhyFacts.bare($0))" } ?? ""
        switch step.stage {
        case "dead-lettered": return "became a dead letter at \(at) (\(step.code))\(because)"
        case "replayed": return "was replayed\(by) at \(at)\(because)"
        case "edited": return "was corrected\(by) at \(at)\(because)"
        case "discarded": return "was set aside\(by) at \(at)\(because)"
        case "resolved": return "was resolved\(by) at \(at)\(because)"
        case "imported": return "was imported\(by) at \(at)\(because)"
        default: return "was last seen at \(at), \(step.stage) (\(step.code))\(because)"
        }
    }
}

extension WhyFacts {
    /// Whether this letter is why the thing stands as it does.
    func isStopped(by letter: DeadLetterRecord) -> Bool {
        legs.contains { leg in
            if case .letter(let stopping) = leg.standing(now: now) { stopping.id == letter.id } else { false }
        }
    }
}
