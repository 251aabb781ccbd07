internal import Fleet
internal import Models

/// Makes an answer of what the ERP has said, what is known anyway and what can be reckoned: for every question, of each line
/// or of all, a figure with what it rests on, or the reason why there is none.
///
/// A pure value. What the policy lists first counts first; a refusal by the ERP itself is its answer, and nothing else is put
/// in its place. A refusal of all lines whose question has figures all the same is a notice: the account is on hold. One
/// that is closed has no figures but those of the ERP.
struct QuoteComposer {
    let request: QuoteRequest
    let settings: QuoteSettings
    let known: KnownFigures

    /// The questions whose figures the ERP has to be asked for: those that nothing answers which counts before it.
    var open: [QuoteFallback.Question] {
        request.questions.filter { question in
            let bases = settings.policy[question]
            guard let place = bases.firstIndex(of: .live) else { return false }
            return !isAnswered(question, Array(bases[..<place]))
        }
    }

    private func isAnswered(_ question: QuoteFallback.Question, _ bases: [QuoteBasis.Kind]) -> Bool {
        guard !bases.isEmpty else { return false }
        var draft = QuoteDraft(request, settings, known, heard: nil, silence: .unasked, at: .epoch)
        draft.settle(question, bases)
        return draft.answer.refusals.isEmpty
    }

    /// The answer, once it is known what the ERP says.
    func answer(_ live: LiveAnswer, at now: Timestamp) -> QuoteAnswer {
        var draft: QuoteDraft
        switch live {
        case .figures(let answer):
            draft = QuoteDraft(request, settings, known, heard: HeardAnswer(answer), silence: .unasked, at: now)
        case .refused(let code, let text):
            let heard = HeardAnswer(refusing: request, code: code, text: text)
            draft = QuoteDraft(request, settings, known, heard: heard, silence: .unasked, at: now)
        case .silence(let silence):
            draft = QuoteDraft(request, settings, known, heard: nil, silence: silence, at: now)
        }
        let asked = Set(live == .silence(.unasked) ? [] : open)
        // Tax is reckoned on prices, so it comes last.
        for question in QuoteFallback.Question.allCases where request.questions.contains(question) {
            let bases = settings.policy[question]
            draft.settle(question, asked.contains(question) ? bases : bases.filter { $0 != .live })
        }
        return draft.finished
    }
}
