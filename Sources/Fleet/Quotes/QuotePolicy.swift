package import Models

/// What the figures of an answer may rest on, for each kind of question: the best first.
package struct QuotePolicy: Hashable, Sendable {
    private var bases: [QuoteFallback.Question: [QuoteBasis.Kind]]

    /// What holds unless something else is configured: a price or a stock that may be wrong is not given.
    package init() {
        bases = Dictionary(uniqueKeysWithValues: QuoteFallback.Question.allCases.map { ($0, Self.possible(for: $0)) })
    }

    /// What a question can rest on at all: nothing is reckoned for prices and stock.
    package static func possible(for question: QuoteFallback.Question) -> [QuoteBasis.Kind] {
        switch question {
        case .price, .availability: [.live, .cached]
        case .shipping, .tax: [.live, .cached, .estimated]
        }
    }

    /// In the order in which they are tried.
    package subscript(question: QuoteFallback.Question) -> [QuoteBasis.Kind] {
        get { bases[question] ?? [] }
        set { bases[question] = newValue }
    }
}
