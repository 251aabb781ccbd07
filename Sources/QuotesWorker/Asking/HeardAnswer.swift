internal import Models

/// What the ERP has said to a ``LiveQuestion``, by what it is of.
struct HeardAnswer: Sendable {
    private struct Place: Hashable {
        var question: QuoteFallback.Question
        /// Nil for what is of no single line.
        var line: String?
    }

    let answer: QuoteAnswer
    private let lines: [String: QuotedLine]
    private let refusals: [Place: [QuoteRefusal]]

    init(_ answer: QuoteAnswer) {
        self.answer = answer
        lines = Dictionary(answer.lines.map { ($0.id, $0) }) { first, _ in first }
        refusals = Dictionary(grouping: answer.refusals) { Place(question: $0.question, line: $0.line) }
    }

    /// Every question refused, for one reason.
    init(refusing request: QuoteRequest, code: String, text: String) {
        var answer = QuoteAnswer(id: request.id, currency: request.currency, answeredAt: .now())
        answer.refusals = request.questions.map { QuoteRefusal(question: $0, code: code, text: text) }
        self.init(answer)
    }

    func line(_ index: Int) -> QuotedLine? { lines[LiveQuestion.id(ofLine: index)] }

    /// What it refuses of a line, but not of all; of all when that is nil.
    func refusals(of question: QuoteFallback.Question, line index: Int?) -> [QuoteRefusal] {
        refusals[Place(question: question, line: index.map(LiveQuestion.id(ofLine:)))] ?? []
    }

    /// Whether it gives a figure on purpose not: one that it gives in a way that nobody can read is merely missing.
    func isRefused(_ question: QuoteFallback.Question, line index: Int? = nil) -> Bool {
        let mine = index == nil ? [] : refusals(of: question, line: index)
        return (mine + refusals(of: question, line: nil)).contains { !Self.isUnreadable($0) }
    }

    /// Whether there is a figure, in a way that nobody can read.
    static func isUnreadable(_ refusal: QuoteRefusal) -> Bool { refusal.code == "answer.unreadable" }
}
