internal import Ledger
internal import Logging
internal import RabbitMQ

/// Pauses a flow while its messages cannot be handled, and resumes it by itself.
///
/// In a pause consumption stops (`basic.cancel`), the gate turns calls away, and whatever is in hand goes back to the
/// queue, because the broker takes messages back by force from who holds them too long. One task asks by a call without
/// effect, never with a real message, so that neither attempts nor the delivery limit are spent. Of all workers that call
/// the same system one asks, and tries it alone at first (``Breaker``); what one has met, the others know before they call.
/// A ledger that takes nothing is often back in seconds, so that everything is held at first and given back only when that
/// lasts. A planned window pauses the flow the same way, and nobody asks before its end.
actor OutageWatch {
    private enum Phase { case flowing, holding, paused, over }

    private let consumer: any DeliverySource
    private let gate: CallGate
    private let reachability: any Reachability
    private let breaker: Breaker
    private let ledger: Ledger
    private let board: PauseBoard
    private let limits: HoldLimits
    private let logger: Logger
    private weak var listener: (any PauseListener)?
    private var phase = Phase.flowing
    private var waiting: Task<Void, Never>?
    private var looking: Task<Void, Never>?
    /// This worker tries whether the system is back; the others wait.
    private var isTrying = false

    init(
        consumer: any DeliverySource, gate: CallGate, reachability: any Reachability, breaker: Breaker,
        ledger: Ledger, board: PauseBoard, limits: HoldLimits = HoldLimits(), logger: Logger
    ) {
        self.consumer = consumer
        self.gate = gate
        self.reachability = reachability
        self.breaker = breaker
        self.ledger = ledger
        self.board = board
        self.limits = limits
        self.logger = logger
    }

    /// Who holds the messages. An outage that the fleet knows of already pauses the flow before anything is called.
    func attach(_ listener: any PauseListener) async {
        self.listener = listener
        await join()
        looking = Task { [weak self] in
            while (try? await Task.sleep(for: Self.look)) != nil { await self?.join() }
        }
    }

    /// How soon a worker knows what another one has met.
    private static let look = Duration.milliseconds(500)

    private func join() async {
        guard phase == .flowing, let outage = await breaker.standing(), phase == .flowing else { return }
        await begin(.unreachable(outage.failure), isKnown: true)
    }

    /// The flow cannot go on: pause it, unless that has been done.
    func begin(_ cause: PauseCause) async { await begin(cause, isKnown: false) }

    private func begin(_ cause: PauseCause, isKnown: Bool) async {
        guard phase == .flowing else { return }
        if cause.isLedger {
            phase = .holding
            logger.error("blocked", metadata: metadata(cause.failure))
            waiting = Task { await holdForLedger(cause) }
        } else {
            phase = .paused
            if case .unreachable = cause {
                isTrying = false
                // Calls that are still on their way, or begin before the gate is closed, fail for the same reason.
                gate.streak.setDoubt(true)
            }
            waiting = Task { await sitOut(cause, isKnown: isKnown) }
            await pause(cause)
        }
    }

    /// Stops asking, for a shutdown.
    func cancel() async {
        guard phase != .over else { return }
        let mayBeElected = isTrying || phase == .paused
        phase = .over
        waiting?.cancel()
        looking?.cancel()
        // A ledger in trouble must not hold up the end of the process.
        await withDeadline(.seconds(2)) { [breaker, board] in
            if mayBeElected { await breaker.giveUpTrying() }
            await board.clear()
        }
    }

    // MARK: - Pausing

    private func pause(_ cause: PauseCause) async {
        gate.close(cause.failure)
        if board.set(cause.failure) { logger.warning("flow paused", metadata: metadata(cause.failure)) }
        await consumer.pause()
        await listener?.giveBackHeld(cause)
    }

    private func resume() async {
        guard phase != .over else { return }
        phase = .flowing
        waiting = nil
        let before = gate.answers
        gate.open()
        await listener?.goOn()
        guard !isBegunAnew else { return }
        await consumer.resume()
        guard !isBegunAnew else { return }
        logger.notice("flow resumed", metadata: ["asked": "\(reachability.name)"])
        if !isTrying {
            gate.streak.setDoubt(false)
        } else if phase == .flowing {
            waiting = Task { await tryOut(since: before) }
        }
        await board.clear()
    }

    /// A call that was still on its way may pause the flow again while it is being resumed.
    private var isBegunAnew: Bool { phase == .paused || phase == .over }

    private func metadata(_ failure: Failure) -> Logger.Metadata {
        ["code": "\(failure.code)", "reason": "\(failure.sentence)", "remedy": "\(failure.remedy)"]
    }

    // MARK: - Waiting

    /// First everything is held; the pause comes when the trouble lasts.
    private func holdForLedger(_ cause: PauseCause) async {
        let end = ContinuousClock.now + limits.pause
        var delay = Duration.milliseconds(250)
        while ContinuousClock.now < end {
            guard (try? await Task.sleep(for: delay)) != nil else { return }
            delay = min(delay * 2, .seconds(2))
            guard await isLedgerBack() else { continue }
            guard phase == .holding else { return }
            phase = .flowing
            waiting = nil
            logger.notice("unblocked")
            if isTrying { waiting = Task { await tryOut(since: gate.answers) } }
            await listener?.goOn()
            return
        }
        guard phase == .holding else { return }
        phase = .paused
        await pause(cause)
        await sitOut(cause, isKnown: false)
    }

    /// Returns when the flow goes on, or the process ends.
    private func sitOut(_ cause: PauseCause, isKnown: Bool) async {
        switch cause {
        case .unreachable(let failure):
            await sitOutAbsence(failure, isKnown: isKnown)
        case .noRoom(_, let until): await sitOutRefusals(until)
        case .ledger: await sitOutLedger()
        }
        guard !Task.isCancelled else { return }
        await resume()
    }

    private func sitOutAbsence(_ failure: Failure, isKnown: Bool) async {
        await board.publish()
        var publishAt = ContinuousClock.now + Self.renewal
        var isNoted = isKnown
        repeat {
            // What could not be written down is not over because nothing is written.
            if !isNoted { isNoted = await breaker.note(failure) }
            switch await breaker.turn() {
            case .over where isNoted: return
            case .probe:
                if await probe() { return }
                publishAt = .now
            case .over, .wait: break
            }
            if publishAt <= .now {
                publishAt = .now + Self.renewal
                // Whoever asks has met something new, or a planned window is over and the system is still away.
                if let outage = await breaker.standing() { note(outage.failure) }
                await board.publish()
            }
            // Jitter keeps the workers of a fleet from asking in step.
        } while (try? await Task.sleep(for: Self.look * Double.random(in: 0.8...1.2))) != nil
    }

    /// How often a pause is said to go on: see ``FlowPause/forgotten``.
    private static let renewal = Duration.seconds(15)

    /// True when the system answers: then this worker tries it with a real call.
    private func probe() async -> Bool {
        guard case .unreachable(let failure) = await reachability.reach() else {
            guard !Task.isCancelled else { return true }
            isTrying = await breaker.probed(nil)
            return isTrying
        }
        guard !Task.isCancelled else { return true }
        note(failure)
        await breaker.probed(failure)
        return false
    }

    /// The outage is over when calls go well, or when there is nothing to call for. Whatever fails pauses the flow again.
    private func tryOut(since before: Int) async {
        let wanted = await breaker.wantedAnswers()
        var (idleSince, keptAt) = (ContinuousClock.now, ContinuousClock.now)
        while isTrying, phase == .flowing, (try? await Task.sleep(for: .milliseconds(100))) != nil {
            if !gate.isIdle { idleSince = .now }
            if gate.answers - before >= wanted || .now - idleSince > limits.trial, await breaker.end() {
                return endTrial()
            }
            guard .now - keptAt > Self.look * 10 else { continue }
            keptAt = .now
            await breaker.keepTrying()
        }
    }

    private func endTrial() {
        isTrying = false
        // A call that failed meanwhile has paused the flow anew.
        guard !isBegunAnew else { return }
        gate.streak.setDoubt(false)
        // Where everything is held for the ledger, that is what is waited for.
        if phase == .flowing { waiting = nil }
    }

    private func sitOutRefusals(_ until: ContinuousClock.Instant) async {
        repeat {
            await board.publish()
            let left = until - ContinuousClock.now
            guard (try? await Task.sleep(for: min(max(left, .zero), .seconds(30)))) != nil else { return }
        } while ContinuousClock.now < until
    }

    private func sitOutLedger() async {
        await ask(from: .milliseconds(500), atMost: .seconds(5)) { await isLedgerBack() }
    }

    /// Asks again and again, ever more rarely, until the answer is yes. Jitter keeps the workers of a fleet from asking
    /// in step.
    private func ask(from first: Duration, atMost longest: Duration, _ question: () async -> Bool) async {
        var delay = first
        repeat {
            guard (try? await Task.sleep(for: delay * Double.random(in: 0.8...1.2))) != nil else { return }
            delay = min(delay * 2, longest)
        } while await !question()
    }

    private func isLedgerBack() async -> Bool {
        do throws(LedgerError) {
            try await ledger.checkWritable()
            return true
        } catch {
            if phase == .paused { note(Failure(error)) }
            return false
        }
    }

    /// The reason may change while the pause lasts.
    private func note(_ failure: Failure) {
        guard phase == .paused, board.set(failure) else { return }
        gate.close(failure)
        logger.warning("flow still paused", metadata: metadata(failure))
    }
}
