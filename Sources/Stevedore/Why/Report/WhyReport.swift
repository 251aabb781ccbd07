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
    /// Dead letters that name it, or that are of the group of that name, where it is no object's name.
    var letters: WhyLetters?
    var suggestions: [String] = []
    /// What would have to have happened, when nothing is found.
    var absence: [String] = []
    var broker = WhyBroker.notAsked("nothing needed it")

    var isFound: Bool { !answers.isEmpty || message != nil || letters != nil }

    /// The answer in one sentence.
    var verdict: WhyVerdict {
        if let message { return message.verdict(answers.first) }
        if answers.count == 1, more == 0, let only = answers.first { return only.verdict }
        if answers.isEmpty { return letters?.verdict(question.typed) ?? notFound }
        let count = Count.text(answers.count + more, "object")
        let name = kind.map { " by \($0.split(separator: "-").joined(separator: " "))" } ?? ""
        return WhyVerdict(
            "several",
            "\(question.typed) leads to \(isCut ? "at least " : "")\(count)\(name)\(isCut ? "" : ", newest first").",
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
