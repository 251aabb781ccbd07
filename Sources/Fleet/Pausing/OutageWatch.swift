internal import Ledger
internal import Logging
internal import RabbitMQ

/// Pauses a flow while its messages cannot be handled, and resumes it by itself.
///
/// In a pause consumption stops (`basic.cancel`), the gate turns calls away, and whatever is in hand goes back to the
/// queue, because the broker takes messages back by force from who holds them too long. One task asks by a call without
/// effect, never with a real message, so that neither attempts nor the delivery limit are spent. A ledger that takes
/// nothing is often back in seconds, so that everything is held at first and given back only when that lasts.
actor OutageWatch {
    private enum Phase { case flowing, holding, paused, over }

    private let consumer: any DeliverySource
    private let gate: CallGate
    private let reachability: any Reachability
    private let ledger: Ledger
    private let board: PauseBoard
    private let limits: HoldLimits
    private let logger: Logger
    private weak var listener: (any PauseListener)?
    private var phase = Phase.flowing
    private var waiting: Task<Void, Never>?

    init(
        consumer: any DeliverySource, gate: CallGate, reachability: any Reachability, ledger: Ledger,
        board: PauseBoard, limits: HoldLimits = HoldLimits(), logger: Logger
    ) {
        self.consumer = consumer
        self.gate = gate
        self.reachability = reachability
        self.ledger = ledger
        self.board = board
        self.limits = limits
        self.logger = logger
    }

    /// Who holds the messages.
    func attach(_ listener: any PauseListener) { self.listener = listener }

    /// The flow cannot go on: pause it, unless that has been done.
    func begin(_ cause: PauseCause) async {
        guard phase == .flowing else { return }
        if cause.isLedger {
            phase = .holding
            logger.error("blocked", metadata: metadata(cause.failure))
            waiting = Task { await holdForLedger(cause) }
        } else {
            phase = .paused
            waiting = Task { await sitOut(cause) }
            await pause(cause)
        }
    }

    /// Stops asking, for a shutdown.
    func cancel() async {
        guard phase != .over else { return }
        phase = .over
        waiting?.cancel()
        // A ledger in trouble must not hold up the end of the process.
        await withDeadline(.seconds(2)) { [board] in await board.clear() }
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
        gate.open()
        await listener?.goOn()
        await consumer.resume()
        logger.notice("flow resumed", metadata: ["asked": "\(reachability.name)"])
        await board.clear()
    }

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
            await listener?.goOn()
            return
        }
        guard phase == .holding else { return }
        phase = .paused
        await pause(cause)
        await sitOut(cause)
    }

    /// Returns when the flow goes on, or the process ends.
    private func sitOut(_ cause: PauseCause) async {
        switch cause {
        case .unreachable: await sitOutAbsence()
        case .noRoom(_, let until): await sitOutRefusals(until)
        case .ledger: await sitOutLedger()
        }
        guard !Task.isCancelled else { return }
        await resume()
    }

    private func sitOutAbsence() async {
        await board.publish()
        await ask(from: .seconds(1), atMost: .seconds(15)) {
            guard case .unreachable(let failure) = await reachability.reach() else { return true }
            note(failure)
            await board.publish()
            return false
        }
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
