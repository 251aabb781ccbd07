package import Ledger
package import Logging
internal import Models
internal import Synchronization

/// The outage of the ERP that the whole fleet shares, as it is seen by who only asks the ERP questions: a question never
/// waits for it, and never tries on behalf of orders what an outage keeps them from.
///
/// Its owner looks now and then (``look()``), so that ``outage`` costs a question nothing. Workers that bring orders ask
/// whether the ERP is back; only where none of them runs does this one (``askInTheirPlace(_:)``).
package final class ERPStanding: Sendable {
    /// The ERP's name among what may be away.
    package static let destination = "erp"
    /// How often to look.
    package static let look = Duration.milliseconds(500)
    /// So long after it was time to ask, nobody else asks: in microseconds.
    private static let patience: Int64 = 10_000_000
    /// With no question for so long, an ERP that has answered a ping is taken to be back.
    private static let trial = Duration.seconds(5)

    private struct State {
        var outage: Failure?
        /// Since when this worker finds out whether the ERP is back.
        var triesSince: ContinuousClock.Instant?
        var answers = 0
        /// The outage that was seen last, until it is known to have ended.
        var seen: Int64?
    }

    private let breaker: Breaker
    private let ledger: Ledger
    private let logger: Logger
    private let state = Mutex(State())

    /// `worker` names one running process, never two.
    package init(worker: String, ledger: Ledger, logger: Logger) {
        self.ledger = ledger
        self.logger = logger
        breaker = Breaker(destination: Self.destination, worker: worker, ledger: ledger, logger: logger)
    }

    /// Why the ERP is not asked, as the ledger said at the last look; nil while nothing is known to be in the way.
    package var outage: Failure? { state.withLock { $0.outage } }

    /// What the ledger says now. A ledger that does not answer says that nothing is in the way.
    package func look() async {
        let outage = await breaker.standing()
        let seen = state.withLock { state in
            state.outage = outage?.failure
            state.seen = outage?.number ?? state.seen
            return outage == nil ? state.seen : nil
        }
        if let seen { await noteEnd(of: seen) }
    }

    /// Another worker has found the ERP back, as a rule, and says so in its own log: here, too, it is to be read when
    /// questions went to the ERP again. A ledger that does not answer leaves that for the next look.
    private func noteEnd(of number: Int64) async {
        let found = try? await ledger.read { try $0.outage(number: number) }
        guard let outage = found, let endedAt = outage.endedAt else { return }
        let isNews = state.withLock { state in
            defer { if state.seen == number { state.seen = nil } }
            return state.seen == number
        }
        guard isNews else { return }
        let ended = Timestamp(microseconds: endedAt)?.description ?? "-"
        logger.notice(
            outage.window == nil ? "outage ended" : "planned outage ended",
            metadata: ["outage": "\(number)", "of": "\(Self.destination)", "ended": "\(ended)"])
    }

    /// The ERP can not be reached: that was asked by a ping, not taken from a question that failed.
    package func note(_ failure: Failure) async {
        state.withLock { state in
            state.outage = failure
            state.triesSince = nil
        }
        _ = await breaker.note(failure)
    }

    /// The ERP has answered a question.
    package func answered() {
        state.withLock { state in
            if state.triesSince != nil { state.answers += 1 }
        }
    }

    // MARK: - Where no other worker asks

    /// Asks whether the ERP is back, by a ping, when it has long been time for that and nobody has; call it at every look.
    package func askInTheirPlace(_ ping: () async -> Failure?) async {
        if let since = state.withLock({ $0.triesSince }) { return await goOnTrying(since: since) }
        let absence = await breaker.absence()
        guard absence.window == nil, let outage = absence.outage, isLeftAlone(outage) else { return }
        guard await breaker.turn() == .probe else { return }
        let failure = await ping()
        let mayTry = await breaker.probed(failure)
        guard failure == nil, mayTry else { return }
        state.withLock { state in
            state.triesSince = .now
            (state.answers, state.outage) = (0, nil)
        }
    }

    private func isLeftAlone(_ outage: Outage) -> Bool {
        let now = Timestamp.now().microseconds
        return now - outage.nextProbeAt > Self.patience && !outage.isHeld(at: now)
    }

    private func goOnTrying(since: ContinuousClock.Instant) async {
        let wanted = await breaker.wantedAnswers()
        let answers = state.withLock { $0.answers }
        if answers >= wanted || .now - since > Self.trial {
            guard await breaker.end() else { return }
            // The breaker itself has said that.
            return state.withLock { ($0.triesSince, $0.seen) = (nil, nil) }
        }
        if await !breaker.keepTrying() { state.withLock { $0.triesSince = nil } }
    }

    /// This process ends: somebody else may ask at once.
    package func leave() async {
        guard state.withLock({ $0.triesSince != nil }) else { return }
        await withDeadline(.seconds(2)) { [breaker] in await breaker.giveUpTrying() }
    }
}
