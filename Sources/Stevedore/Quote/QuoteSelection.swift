internal import ArgumentParser
internal import Models

/// What is asked for, as a person types it: `price,availability`.
struct QuoteSelection: Hashable, Sendable, ExpressibleByArgument {
    let questions: [QuoteFallback.Question]

    /// Nil for anything but questions, each once.
    init?(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
        questions = names.compactMap { QuoteFallback.Question(rawValue: $0) }
        guard questions.count == names.count, Set(questions).count == names.count else { return nil }
    }

    /// Whether it cannot be answered without a place.
    var needsPlace: Bool { questions.contains(.shipping) || questions.contains(.tax) }
}
