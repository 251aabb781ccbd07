internal import Fleet
internal import Models

/// Answers questions within their time: what is known is looked up first, the ERP is asked where that is wanted, and when it
/// does not answer in time the rest is answered without it.
struct AnswerDesk: Sendable {
    let settings: QuoteSettings
    let shelf: QuoteShelf
    let live: LiveDesk

    /// Returns before the deadline, by as much as it takes to send the answer.
    func answer(_ request: QuoteRequest, until deadline: ContinuousClock.Instant) async -> QuoteAnswer {
        let budget = TimeBudget(until: deadline, from: .now, reserve: settings.reserve)
        let known = await shelf.known(of: request, until: budget.lookUntil)
        let composer = QuoteComposer(request: request, settings: settings, known: known)
        let open = composer.open
        guard !open.isEmpty else { return composer.answer(.silence(.unasked), at: .now()) }
        let heard = await live.ask(LiveQuestion(request, only: open, known.load), until: budget.askUntil)
        return composer.answer(heard, at: .now())
    }
}

/// How the time is spent that an asker waits.
struct TimeBudget: Hashable, Sendable {
    /// Until when the ledger is waited for.
    let lookUntil: ContinuousClock.Instant
    /// Until when the ERP is waited for.
    let askUntil: ContinuousClock.Instant

    /// `reserve` is kept for composing and sending, but never more than half of the time. A quarter of the rest at most is
    /// spent on looking up what is known.
    init(until deadline: ContinuousClock.Instant, from now: ContinuousClock.Instant, reserve: Duration) {
        let left = max(deadline - now, .zero)
        let time = left - min(reserve, left / 2)
        lookUntil = now + time / 4
        askUntil = now + time
    }
}
