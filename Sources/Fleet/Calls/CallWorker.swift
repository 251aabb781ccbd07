internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// Consumes one queue whose messages call another system: as many at once as that system bears, never two of a subject.
actor CallWorker: FlowWorker, PauseListener {
    /// A message that waits without a task of its own. Its subject stays taken.
    private struct Parked {
        let work: CallWork
        let subject: String
        /// Ends the wait; nil while it waits for the ledger.
        let timer: Task<Void, Never>?
    }

    private struct Running {
        let task: Task<Void, Never>
        let intake: Intake
        var isOnDetour = false
    }

    private let consumer: any DeliverySource
    private let road: CallRoad
    private let outage: OutageWatch
    private let finished: Latch<Void>
    private let metrics: FlowMetrics
    private let logger: Logger
    private let limits: HoldLimits
    private let reader = MessageReader()
    private var schedule = CallSchedule<CallWork>()
    private var running: [Int: Running] = [:]
    private var parked: [Int: Parked] = [:]
    private var nextID = 0
    /// The suspect that is tried, or will be as soon as the others have left.
    private var trial: (intake: Intake, isBegun: Bool)?
    /// Suspects beside the first, on their way out of this worker before the first is tried.
    private var leavingSuspects = 0
    private var isStopping = false
    private var isAbandoned = false
    /// The ledger takes nothing for a moment: nothing is begun.
    private var isBlocked = false
    private var pause: PauseCause?
    private var idle: CheckedContinuation<Void, Never>?

    init(
        consumer: any DeliverySource, road: CallRoad, outage: OutageWatch, finished: Latch<Void>, metrics: FlowMetrics,
        logger: Logger
    ) {
        self.consumer = consumer
        self.road = road
        self.outage = outage
        self.finished = finished
        self.metrics = metrics
        self.logger = logger
        limits = road.limits
    }

    /// Returns when the consumer has been stopped and everything in flight has ended.
    func run() async {
        await outage.attach(self)
        let keeping = [Task { await road.leases.run() }, Task { await sweep() }]
        defer { for task in keeping { task.cancel() } }
        while let batch = await consumer.nextBatch() {
            metrics.consumed.add(batch.deliveries.count)
            await accept(batch.deliveries.map(Intake.init))
            startReady()
        }
        stop()
        await putBack(takeUnstarted() + takeParked().map(\.intake))
        if !running.isEmpty { await withCheckedContinuation { idle = $0 } }
        finished.open()
    }

    /// Nothing more is begun; whoever waits for room is turned away.
    func stop() {
        isStopping = true
        road.gate.stop()
    }

    /// Cancels what is still in flight when the grace period is over; unacknowledged messages are delivered elsewhere.
    func abandon() -> Int {
        isAbandoned = true
        for one in running.values { one.task.cancel() }
        return running.count
    }

    // MARK: - Taking in

    private func accept(_ intakes: [Intake]) async {
        if let epoch = intakes.last?.delivery.tag.epoch, road.epoch.advance(to: epoch) { forgetStale() }
        if let pause { return await returnUnstarted(intakes, pause) }
        let suspects = intakes.filter(\.isSuspect)
        await read(intakes.filter { !$0.isSuspect })
        for suspect in suspects { accept(suspect: suspect) }
        // A stop may have come meanwhile; it takes out what it finds.
        if isStopping { await putBack(takeUnstarted()) }
    }

    /// Reading may crash the process as handling may, so that nothing is read while a suspect is tried.
    private func read(_ intakes: [Intake]) async {
        guard !intakes.isEmpty else { return }
        await road.probation.solitude.acquire(alone: false)
        for intake in intakes {
            FaultPoint.beforeDecode.pass(intake.rehearsalName)
            let work = CallWork(reading: intake, with: reader)
            schedule.add(work, subject: work.subject)
        }
        road.probation.solitude.release()
    }

    /// Every crash while one suspect is tried would count against the others, so they leave first. The copy they leave
    /// by is new to the broker, which begins to count anew; marks of crashes are kept by the message's own name.
    private func accept(suspect: Intake) {
        guard trial != nil else {
            trial = (suspect, isBegun: false)
            return beginTrial()
        }
        leavingSuspects += 1
        takeAway(
            .init(
                intake: suspect, names: ContractNames(announcedBy: suspect.properties), failure: .trialWaits,
                way: .giveBack(.fiveSeconds))
        ) { worker in
            worker.leavingSuspects -= 1
            worker.beginTrial()
        }
    }

    private func beginTrial() {
        guard let waiting = trial, !waiting.isBegun, leavingSuspects == 0, !isStopping else { return }
        trial?.isBegun = true
        let work = CallWork.suspect(waiting.intake)
        schedule.add(work, subject: work.subject)
        startReady()
    }

    // MARK: - Scheduling

    private func startReady() {
        defer { metrics.inFlight.set(running.count) }
        guard !isStopping, !isBlocked, pause == nil else { return }
        // Some more than may call at once, so that claimed messages stand ready at the gate.
        let width = road.gate.limit + road.gate.limit / 2 + 8
        while let next = schedule.next(limit: width) { start(next.job, subject: next.subject) }
    }

    private func start(_ work: CallWork, subject: String) {
        launch(work.intake) { worker, id in
            let ending = await worker.road.travel(work)
            await worker.finish(work, subject: subject, ending: ending, id: id)
        }
    }

    /// Runs `body` as a piece of work that a stop waits for.
    private func launch(
        _ intake: Intake, isOnDetour: Bool = false, _ body: @escaping @Sendable (CallWorker, Int) async -> Void
    ) {
        nextID += 1
        let id = nextID
        let task = Task {
            await body(self, id)
            ended(id)
        }
        running[id] = Running(task: task, intake: intake, isOnDetour: isOnDetour)
    }

    private func ended(_ id: Int) {
        running[id] = nil
        startReady()
        if running.isEmpty, isStopping {
            idle?.resume()
            idle = nil
        }
    }

    private func finish(_ work: CallWork, subject: String, ending: CallEnding, id: Int) async {
        switch ending {
        case .settled:
            schedule.finished(subject: subject)
            await acknowledge(work)
        case .detour(let way):
            await follow(way, work, subject: subject, id: id)
        case .later(let delay, let mayHaveBeenCalled):
            schedule.parked()
            await park(mayHaveBeenCalled ? work.interrupted : work, subject: subject, for: delay)
        case .blocked(let failure):
            schedule.parked()
            await block(work.interrupted, subject: subject, failure)
        case .returned, .abandoned:
            schedule.finished(subject: subject)
            await giveUp(work, ending)
        }
    }

    /// A detour lasts until the broker confirms, so it keeps nobody's place; only its subject stays taken.
    private func follow(_ way: CallEnding.Detour, _ work: CallWork, subject: String, id: Int) async {
        schedule.parked()
        running[id]?.isOnDetour = true
        if let cause = way.pause { await outage.begin(cause) }
        startReady()
        let ending = await road.take(way)
        if case .blocked(let failure) = ending { return await block(work, subject: subject, failure) }
        schedule.finishedParked(subject: subject)
        if case .settled = ending { await acknowledge(work) } else { await giveUp(work, ending) }
    }

    private func acknowledge(_ work: CallWork) async {
        forgetTrial(work.intake)
        FaultPoint.beforeSettle.pass(work.names.subject)
        await consumer.settle([.ack(work.intake.delivery.tag)])
        FaultPoint.afterSettle.pass(work.names.subject)
    }

    /// The broker delivers it again: now, or when this process has gone.
    private func giveUp(_ work: CallWork, _ ending: CallEnding) async {
        forgetTrial(work.intake)
        guard !isAbandoned, !road.epoch.isStale(work.intake) else { return }
        await consumer.settle([.requeue(work.intake.delivery.tag)])
    }

    private func forgetTrial(_ intake: Intake) {
        if trial?.intake.delivery.tag == intake.delivery.tag { trial = nil }
    }
}

// MARK: - Waiting

extension CallWorker {
    private func park(_ work: CallWork, subject: String, for delay: Duration?) async {
        if isStopping {
            schedule.finishedParked(subject: subject)
            return await putBack([work.intake])
        }
        if let pause {
            schedule.finishedParked(subject: subject)
            return await returnUnstarted([work.intake], pause)
        }
        nextID += 1
        let id = nextID
        let timer = delay.map { delay in
            Task {
                guard (try? await Task.sleep(for: delay)) != nil else { return }
                unpark(id)
            }
        }
        parked[id] = Parked(work: work, subject: subject, timer: timer)
        startReady()
    }

    private func unpark(_ id: Int) {
        guard let one = parked.removeValue(forKey: id) else { return }
        if road.epoch.isStale(one.work.intake) {
            forgetTrial(one.work.intake)
            schedule.finishedParked(subject: one.subject)
        } else {
            schedule.unparked(one.work, subject: one.subject)
        }
        startReady()
    }

    /// The ledger takes nothing: this message waits for it, and nothing is begun that would only wait as well.
    private func block(_ work: CallWork, subject: String, _ failure: Failure) async {
        isBlocked = pause == nil
        await park(work, subject: subject, for: nil)
        await outage.begin(.ledger(failure))
    }

    /// The flow goes on.
    func goOn() {
        isBlocked = false
        pause = nil
        for (id, one) in parked where one.timer == nil { unpark(id) }
        startReady()
    }

    /// The flow stands still for long: whatever has not begun goes back.
    func giveBackHeld(_ cause: PauseCause) async {
        pause = cause
        await returnUnstarted(takeUnstarted() + takeParked().map(\.intake), cause)
    }

    private func takeUnstarted(where isUnwanted: (CallWork) -> Bool = { _ in true }) -> [Intake] {
        var intakes = schedule.removeUnstarted(where: isUnwanted).map(\.intake)
        if let trial, !trial.isBegun, isUnwanted(.suspect(trial.intake)) { intakes.append(trial.intake) }
        for intake in intakes { forgetTrial(intake) }
        return intakes
    }

    private func takeParked(where isUnwanted: (CallWork) -> Bool = { _ in true }) -> [CallWork] {
        let leaving = parked.filter { isUnwanted($0.value.work) }
        for (id, one) in leaving {
            one.timer?.cancel()
            parked[id] = nil
            forgetTrial(one.work.intake)
            schedule.finishedParked(subject: one.subject)
        }
        return leaving.values.map(\.work)
    }

    private func putBack(_ intakes: [Intake]) async {
        guard !intakes.isEmpty else { return }
        await consumer.settle(intakes.map { .requeue($0.delivery.tag) })
    }

    /// Gives messages back that have not begun. Each return counts towards the broker's delivery limit, so that a copy is
    /// returned once; the second time it leaves as a new copy, unless the ledger is away, which has to note that.
    private func returnUnstarted(_ intakes: [Intake], _ failure: Failure, isLedgerAway: Bool) async {
        await putBack(intakes.filter { isLedgerAway || !$0.wasReturned })
        for intake in intakes where !isLedgerAway && intake.wasReturned {
            takeAway(
                .init(
                    intake: intake, names: ContractNames(announcedBy: intake.properties), failure: failure,
                    way: .giveBack(.fiveSeconds)))
        }
    }

    private func returnUnstarted(_ intakes: [Intake], _ cause: PauseCause) async {
        await returnUnstarted(intakes, cause.failure, isLedgerAway: cause.isLedger)
    }

    /// Sends a message to another queue that is in the schedule no more.
    private func takeAway(_ way: CallEnding.Detour, then: @escaping @Sendable (isolated CallWorker) -> Void = { _ in })
    {
        launch(way.intake, isOnDetour: true) { worker, _ in
            let ending = await worker.road.take(way)
            if case .settled = ending {
                await worker.consumer.settle([.ack(way.intake.delivery.tag)])
            } else {
                await worker.giveUp(.suspect(way.intake), ending)
            }
            await then(worker)
        }
    }

    // MARK: - Bounds

    /// The broker delivers again whatever came on an older connection.
    private func forgetStale() {
        let isStale = { [road] (work: CallWork) in road.epoch.isStale(work.intake) }
        _ = takeUnstarted(where: isStale)
        _ = takeParked(where: isStale)
        for one in running.values where one.isOnDetour && road.epoch.isStale(one.intake) { one.task.cancel() }
    }

    /// Nothing is held for as long as the broker's consumer time-out.
    private func sweep() async {
        while (try? await Task.sleep(for: limits.sweep)) != nil {
            let now = ContinuousClock.now
            road.gate.turnAwayOverdue(now)
            for one in running.values where one.isOnDetour && now - one.intake.receivedAt >= limits.detour {
                one.task.cancel()
            }
            let isOverdue = { [limits] (work: CallWork) in now - work.intake.receivedAt >= limits.waiting }
            let overdue = takeUnstarted(where: isOverdue) + takeParked(where: isOverdue).map(\.intake)
            guard !overdue.isEmpty else { continue }
            await returnUnstarted(overdue, .heldTooLong, isLedgerAway: isBlocked)
        }
    }
}
