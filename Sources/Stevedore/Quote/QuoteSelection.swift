internal import ArgumentParser
internal import Fleet
internal import Models

/// What is asked for, as a person types it: `price,availability`.
struct QuoteSelection: Hashable, Sendable {
    let questions: [QuoteFallback.Question]

    /// Nil for anything but questions, each once.
    init?(argument: String) {
        let names = Self.names(argument)
        questions = names.compactMap { QuoteFallback.Question(rawValue: $0) }
        guard questions.count == names.count, Set(questions).count == names.count else { return nil }
    }

    /// - Throws: what is wrong with it, and how it is meant.
    init(typed text: String) throws {
        guard let selection = QuoteSelection(argument: text) else { throw ValidationError(Self.fault(of: text)) }
        self = selection
    }

    private static func names(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
    }

    private static func fault(of text: String) -> String {
        let known = QuoteFallback.Question.allCases.map(\.rawValue).joined(separator: ", ")
        let form = "give some of \(known), separated by commas without blanks: price,tax"
        let stranger = names(text).first { QuoteFallback.Question(rawValue: $0) == nil }
        guard let stranger else { return "each is asked once; \(form)" }
        return "'\(InertText.line(stranger))' cannot be asked; \(form)"
    }

    /// Whether it cannot be answered without a place.
    var needsPlace: Bool { questions.contains(.shipping) || questions.contains(.tax) }
}
