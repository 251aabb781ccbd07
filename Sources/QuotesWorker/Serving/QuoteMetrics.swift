internal import Models
internal import Synchronization

/// What the answering of questions counts about itself, for `/metrics`. No label holds a business key.
final class QuoteMetrics: Sendable {
    /// What became of a question.
    enum Ending: String, CaseIterable, Sendable {
        case answered
        /// It was none, and its sender was told so.
        case problem
        /// Nobody waited for it any more when it arrived, or when it was its turn.
        case expired
        /// An answer was ready only after the deadline, and not sent.
        case late
        /// It did not say where the answer goes.
        case unanswerable
        /// The queue for the answer is gone.
        case askerGone = "asker-gone"
        /// The broker did not take the answer.
        case unsent
    }

    /// A number that only grows.
    final class Tally: Sendable {
        private let value = Atomic<Int>(0)

        func add(_ amount: Int = 1) { value.add(amount, ordering: .relaxed) }

        var total: Int { value.load(ordering: .relaxed) }
    }

    let coalesced = Tally()
    let calls = Tally()
    let callsFailed = Tally()
    let inHand = Atomic<Int>(0)
    private let endings = Dictionary(uniqueKeysWithValues: Ending.allCases.map { ($0, Tally()) })
    private let figures: [QuoteFallback.Question: [QuoteBasis.Kind: Tally]]
    private let refusals = Dictionary(uniqueKeysWithValues: QuoteFallback.Question.allCases.map { ($0, Tally()) })
    /// In microseconds.
    private static let bounds = [
        1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000,
    ]
    private let buckets = (0...bounds.count).map { _ in Tally() }
    private let microseconds = Tally()

    init() {
        figures = Dictionary(
            uniqueKeysWithValues: QuoteFallback.Question.allCases.map { question in
                (question, Dictionary(uniqueKeysWithValues: QuoteBasis.Kind.allCases.map { ($0, Tally()) }))
            })
    }

    func ended(_ ending: Ending) { endings[ending]?.add() }

    func total(_ ending: Ending) -> Int { endings[ending]?.total ?? 0 }

    /// An answer was sent, so long after its question came.
    func answered(_ answer: QuoteAnswer, after time: Duration) {
        ended(.answered)
        for line in answer.lines {
            if let price = line.price { note(.price, price.basis) }
            if let first = line.availability.first { note(.availability, first.basis) }
        }
        if let first = answer.shipping.first { note(.shipping, first.basis) }
        if let tax = answer.tax { note(.tax, tax.basis) }
        for refusal in answer.refusals { refusals[refusal.question]?.add() }
        let passed = Int(clamping: time.microseconds)
        buckets[Self.bounds.firstIndex { passed <= $0 } ?? Self.bounds.count].add()
        microseconds.add(passed)
    }

    private func note(_ question: QuoteFallback.Question, _ basis: QuoteBasis) {
        figures[question]?[basis.kind]?.add()
    }

    /// By name of the metric, each sample's labels and value.
    func samples() -> [String: [String]] {
        var samples = histogram()
        samples["stevedore_quotes_total"] = Ending.allCases.map { "{ending=\"\($0.rawValue)\"} \(total($0))" }
        samples["stevedore_quote_figures_total"] = QuoteFallback.Question.allCases.flatMap { question in
            QuoteBasis.Kind.allCases.map { kind in
                let total = figures[question]?[kind]?.total ?? 0
                return "{question=\"\(question.rawValue)\",basis=\"\(kind.rawValue)\"} \(total)"
            }
        }
        samples["stevedore_quote_refusals_total"] = QuoteFallback.Question.allCases.map {
            "{question=\"\($0.rawValue)\"} \(refusals[$0]?.total ?? 0)"
        }
        samples["stevedore_quotes_coalesced_total"] = [" \(coalesced.total)"]
        samples["stevedore_quote_calls_total"] = [" \(calls.total)"]
        samples["stevedore_quote_calls_failed_total"] = [" \(callsFailed.total)"]
        samples["stevedore_quotes_in_hand"] = [" \(inHand.load(ordering: .relaxed))"]
        return samples
    }

    private func histogram() -> [String: [String]] {
        var seen = 0
        var lines: [String] = []
        for (bound, bucket) in zip(Self.bounds, buckets) {
            seen += bucket.total
            lines.append("{le=\"\(Double(bound) / 1_000_000)\"} \(seen)")
        }
        seen += buckets[Self.bounds.count].total
        lines.append("{le=\"+Inf\"} \(seen)")
        return [
            "stevedore_quote_duration_seconds_bucket": lines,
            "stevedore_quote_duration_seconds_sum": [" \(Double(microseconds.total) / 1_000_000)"],
            "stevedore_quote_duration_seconds_count": [" \(seen)"],
        ]
    }
}
