internal import Fleet
internal import Ledger

/// All that is answered to one question.
struct WhyReport: Sendable {
    var question: WhyQuestion
    var now: Int64
    /// The spelling that was found, when it is not the typed one.
    var readAs: String?
    /// What sort of name it is, when it is not the thing's own.
    var kind: String?
    /// One with its evidence; of several, each with its verdict, the newest first.
    var answers: [WhyFacts] = []
    /// How many more there are.
    var more = 0
    /// Whether there may be more than were counted.
    var isCut = false
    var message: WhyMessage?
    var suggestions: [String] = []
    /// What would have to have happened, when nothing is found.
    var absence: [String] = []
    var broker = WhyBroker.notAsked("nothing needed it")

    var isFound: Bool { !answers.isEmpty || message != nil }

    /// The answer in one sentence.
    var verdict: WhyVerdict {
        if let message, let verdict = message.verdict(answers.first) { return verdict }
        if answers.count == 1, more == 0, let only = answers.first { return only.verdict }
        if answers.isEmpty { return notFound }
        let count = Count.text(answers.count + more, "object")
        let name = kind.map { " by \($0.split(separator: "-").joined(separator: " "))" } ?? ""
        return WhyVerdict(
            "several",
            "\(question.typed) leads to \(isCut ? "at least " : "")\(count)\(name), newest first.",
            next: "Each has its own.", remedy: "Ask for one by its number, `stevedore why …`, to see its evidence.")
    }

    private var notFound: WhyVerdict {
        let said = suggestions.isEmpty ? "" : " Did you mean \(suggestions.joined(separator: ", "))?"
        return WhyVerdict(
            "not-found",
            "Nothing has been heard of \(question.typed): no message with that name has reached a worker.\(said)",
            next: "Nothing, until a message of it comes.",
            remedy: absence.isEmpty ? nil : absence.joined(separator: " "))
    }
}

extension WhyMessage {
    /// What became of this very message; nil when its object says it all.
    func verdict(_ facts: WhyFacts?) -> WhyVerdict? {
        let parts = [type, revision.map { "revision \($0)" }].compactMap { $0 }
        let what = "Message \(id)" + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
        let about = facts.map { " of \($0.thing.name)" } ?? subject.map { " of \($0)" } ?? ""
        let rest = facts?.verdict
        guard let ending else {
            return rest.map { verdict in
                var verdict = verdict
                verdict.sentence = "\(what) tells\(about). \(verdict.sentence)"
                return verdict
            }
        }
        let next = rest?.next ?? "Nothing more is known of it."
        let sentence = "\(what)\(about) \(ending)." + (rest.map { " \($0.sentence)" } ?? "")
        return WhyVerdict(rest?.code ?? "message", sentence, next: next, remedy: rest?.remedy, told: rest?.told)
    }

    /// Its last step, in words.
    private var ending: String? {
        guard let step = steps.last else { return keptAt.map { "was kept at \(WhyTime.text($0))" } }
        let at = WhyTime.text(step.at)
        switch step.stage {
        case "applied": return "was applied at \(at)"
        case "restated": return "was applied once more at \(at)"
        case "duplicate": return "was a repetition of what was applied already, at \(at)"
        case "superseded": return "was superseded at \(at)" + (step.detail.map { ": \($0)" } ?? "")
        case "noted": return "was noted at \(at)"
        case "posted": return "was taken by the store at \(at)"
        case "dead-lettered" where letter?.state == .resolved:
            return "was a dead letter at \(at), and is resolved" + (letter?.note.map { " (\($0))" } ?? "")
        default: return nil
        }
    }
}
