package import Ledger
package import Logging
internal import Models
internal import Synchronization

/// One process's part in an outage, shared by the whole fleet, of a system that is tried by real work: by the next
/// post, mail or page, made by one process at a time, while the others wait for what comes of it.
///
/// For whoever asks before each piece of work (``mayTry(ifAble:)``) and says what came of it. While all is well that
/// costs a look at the ledger every ``look``, and writes nothing. What is agreed on is the ledger's row (``Outage``),
/// so that it outlives every process. For calls of a flow, which is paused meanwhile, see ``OutageWatch``.
package final class SharedAbsence: Sendable {
    /// What may be away, by its name in the ledger; the ERP's orders have theirs with the flows that call it.
    package enum Destination: String, Hashable, Sendable, CaseIterable {
        case erpChanges = "erp.changes"
        case storeWebhook = "store.webhook"
        case mail
        case alertWebhook = "alert.webhook"
    }

    /// Whether something may be tried now.
    package enum Try: Hashable, Sendable {
        /// Nothing is known to be in the way.
        case yes
        /// The system is away, and this one call finds out whether it still is. Whoever is told so says what came of
        /// it, by ``failed(_:)``, ``answered()`` or ``gaveUp()``; nobody is told so before that.
        case trial
        /// The system is away for this reason: ask again after ``look``.
        case wait(Failure)
    }

    /// How soon a process knows what another one has met.
    package static let look = Duration.milliseconds(500)
    /// A trial of which nothing has come for so long is not this process's any more: shorter than ``Outage/lease``.
    fileprivate static let trialAge = Duration.seconds(15)

    /// What this process finds out for all.
    fileprivate struct Trial {
        let outage: Outage
        var isInHand = true
        var answers = 0
        var movedAt = ContinuousClock.now
    }

    fileprivate struct State {
        /// What the ledger said last.
        var standing: Outage?
        var lookedAt: ContinuousClock.Instant?
        var trial: Trial?
        /// A trial was left lying: the ledger may still call this process the one that tries.
        var isLeft = false
    }

    private let breaker: Breaker
    private let state = Mutex(State())

    /// `worker` names one running process, never two; without it, a name is made up.
    package init(destination: Destination, worker: String? = nil, ledger: Ledger, logger: Logger) {
        breaker = Breaker(
            destination: destination.rawValue, worker: worker ?? WorkerName.make(program: destination.rawValue),
            ledger: ledger, logger: logger)
    }

    /// Why nothing is tried, as far as this process knows without asking; nil while nothing is in the way.
    package var known: Failure? {
        state.withLock { state in (state.trial?.outage ?? state.standing)?.failure }
    }

    // MARK: - Before

    /// Whether to try now. `isAble` is asked before this process becomes the one that tries, and only then: who cannot
    /// do the work anyway must not keep others from it.
    package func mayTry(ifAble isAble: () async -> Bool = { true }) async -> Try {
        if let known = state.withLock({ $0.known(at: .now) }) { return known }
        let absence = await lookNow()
        guard let outage = absence.outage else { return .yes }
        // In a planned window it is nobody's turn.
        guard absence.window == nil, isTurn(outage), await isAble() else { return .wait(outage.failure) }
        switch await breaker.turn() {
        case .over:
            state.withLock { $0.standing = nil }
            return .yes
        case .wait: return .wait(outage.failure)
        case .probe:
            state.withLock { $0.trial = Trial(outage: outage) }
            return .trial
        }
    }

    /// What the ledger says. Nothing while it cannot be asked: without it there is no work either.
    private func lookNow() async -> Absence {
        let isLeft = state.withLock { state in
            defer { state.isLeft = false }
            return state.isLeft
        }
        if isLeft { await breaker.giveUpTrying() }
        let absence = await breaker.absence()
        state.withLock { $0.standing = absence.outage }
        return absence
    }

    private func isTurn(_ outage: Outage) -> Bool {
        var preview = outage
        return preview.turn(for: breaker.worker, at: Timestamp.now().microseconds) != .wait
    }

    // MARK: - After

    /// It was tried, and the system is away.
    /// - Returns: whether the ledger has that: then it is tried again for all, and nobody need put it off for himself.
    @discardableResult
    package func failed(_ failure: Failure) async -> Bool {
        let (trial, standing) = state.withLock { state in
            defer { state.trial = nil }
            return (state.trial, state.standing)
        }
        if let trial, trial.answers == 0 {
            await breaker.probed(failure)
        } else if trial == nil, standing != nil {
            // It was on its way when the outage began: nothing new.
            return true
        } else if await !breaker.note(failure) {
            return false
        }
        state.withLock { state in
            state.standing = Outage(of: breaker.destination, because: failure, at: Timestamp.now().microseconds)
            state.lookedAt = .now
        }
        return true
    }

    /// The system has answered, be it by a refusal. After an outage everybody goes on once it has done so often enough.
    package func answered() async {
        let answers = state.withLock { state -> Int? in
            state.trial?.answers += 1
            return state.trial?.answers
        }
        guard let answers else { return }
        if answers == 1 { await breaker.probed(nil) }
        let wanted = await breaker.wantedAnswers()
        if answers >= wanted, await breaker.end() { return forget() }
        let isStillMine = await breaker.keepTrying()
        state.withLock { state in
            // Where a planned window has begun, that is looked up.
            if !isStillMine { state.trial = nil }
            state.trial?.isInHand = false
            state.trial?.movedAt = .now
        }
    }

    /// There is nothing to try now. When what this process has tried went well, the outage is over; when another one
    /// tries, it is looked now and then what has become of that. Nothing otherwise.
    package func nothingWaits() async {
        let (isOver, mustLook) = state.withLock { state -> (Bool, Bool) in
            if let trial = state.trial { return (!trial.isInHand && trial.answers > 0, false) }
            return (false, state.standing != nil && state.known(at: .now) == nil)
        }
        if mustLook { _ = await lookNow() }
        if isOver, await breaker.end() { forget() }
    }

    /// What may have been a trial was not made, or its end is not known: another process may try at once. Cheap
    /// otherwise, and soon over though the ledger is in trouble: also for a process that ends.
    package func gaveUp() async {
        let isMine = state.withLock { state in
            defer { state.trial = nil }
            return state.trial != nil
        }
        guard isMine else { return }
        await withDeadline(.seconds(2)) { [breaker] in await breaker.giveUpTrying() }
    }

    private func forget() {
        state.withLock { state in
            (state.trial, state.standing) = (nil, nil)
            // A planned window may have begun meanwhile.
            state.lookedAt = nil
        }
    }
}

extension SharedAbsence.State {
    /// The answer that needs no look at the ledger; nil when it is time for one.
    fileprivate mutating func known(at now: ContinuousClock.Instant) -> SharedAbsence.Try? {
        if let current = trial {
            if current.isInHand { return .wait(current.outage.failure) }
            if now - current.movedAt < SharedAbsence.trialAge {
                trial?.isInHand = true
                return .trial
            }
            (trial, isLeft) = (nil, true)
        }
        if let lookedAt, now - lookedAt < SharedAbsence.look { return standing.map { .wait($0.failure) } ?? .yes }
        lookedAt = now
        return nil
    }
}
