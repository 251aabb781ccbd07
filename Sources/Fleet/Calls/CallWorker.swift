internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// Consumes one queue whose messages call another system: as many at once as that system bears, never two of a subject.
actor CallWorker: FlowWorker, PauseListener {
    struct Running {
        let task: Task<Void, Never>
        let intake: Intake
        var isOnDetour = false
    }

    let consumer: any DeliverySource
    let road: CallRoad
    let outage: OutageWatch
    private let finished: Latch<Void>
    private let metrics: FlowMetrics
    let logger: Logger
    let limits: HoldLimits
    let reader = MessageReader()
    var held = HeldCalls()
    private(set) var running: [Int: Running] = [:]
    private var nextID = 0
    /// On their way out of this worker before others are tried.
    private var leavingSuspects = 0
    /// Messages are being taken out of the ledger.
    var isLookingAhead = false
    private(set) var isStopping = false
    private var isAbandoned = false
    /// The ledger takes nothing for a moment: nothing is begun.
    var isBlocked = false
    var pause: PauseCause?
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
        let keeping = [Task { await road.leases.run() }, Task { await sweep() }, Task { await lookAhead() }]
        defer { for task in keeping { task.cancel() } }
        while let batch = await consumer.nextBatch() {
            metrics.consumed.add(batch.deliveries.count)
            await accept(batch.deliveries.map(Intake.init))
            startReady()
        }
        stop()
        await putBack(held.takeAll())
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
        beginTrials()
        // What came while this waited for its turn to read found nothing to give back.
        if isStopping { await putBack(held.takeUnstarted()) }
        if let pause { await returnUnstarted(held.takeUnstarted(), pause) }
    }

    /// Reading may crash the process as handling may, so that nothing is read while a suspect is tried.
    private func read(_ intakes: [Intake]) async {
        guard !intakes.isEmpty else { return }
        await road.probation.solitude.acquire(alone: false)
        let works = intakes.map { intake in
            FaultPoint.beforeDecode.pass(intake.rehearsalName)
            return CallWork(reading: intake, with: reader)
        }
        road.probation.solitude.release()
        let urgencies = await road.urgencies(of: works)
        for (work, urgency) in zip(works, urgencies) { held.add(work, urgency: urgency) }
    }

    /// Suspects are tried one after the other, each alone. Every crash meanwhile counts against the others, so whoever is
    /// near the broker's limit leaves first.
    private func accept(suspect: Intake) {
        guard suspect.isNearDeliveryLimit else { return held.add(suspect: suspect) }
        leavingSuspects += 1
        launch(suspect, isOnDetour: true) { worker, _ in
            let hasLeft = await worker.road.detour.letGo(suspect)
            await worker.finishLeaving(suspect, hasLeft: hasLeft)
        }
    }

    private func finishLeaving(_ suspect: Intake, hasLeft: Bool) async {
        leavingSuspects -= 1
        if hasLeft {
            await consumer.settle([.ack(suspect.delivery.tag)])
        } else if isStopping || road.epoch.isStale(suspect) {
            await giveUp(.suspect(suspect), .abandoned)
        } else if let pause {
            await returnUnstarted([suspect], pause)
        } else {
            held.add(suspect: suspect)
        }
        beginTrials()
    }

    private func beginTrials() {
        guard leavingSuspects == 0, !isStopping else { return }
        held.beginTrials()
        startReady()
    }

    // MARK: - Scheduling

    func startReady() {
        defer { metrics.inFlight.set(running.count) }
        guard !isStopping, !isBlocked, pause == nil else { return }
        // Some more than may call at once, so that claimed messages stand ready at the gate.
        let width = road.gate.limit + road.gate.limit / 2 + 8
        while let next = held.schedule.next(limit: width, now: .now) { start(next.job, subject: next.subject) }
    }

    private func start(_ work: CallWork, subject: String) {
        launch(work.intake) { worker, id in
            let ending = await worker.road.travel(work)
            await worker.finish(work, subject: subject, ending: ending, id: id)
        }
    }

    /// Runs `body` as a piece of work that a stop waits for.
    func launch(
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
        guard !work.isAhead else { return await finishAhead(work, subject: subject, ending) }
        switch ending {
        case .settled:
            held.schedule.finished(subject: subject)
            await acknowledge(work)
        case .detour(let way):
            await follow(way, work, subject: subject, id: id)
        case .later(let delay, let mayHaveBeenCalled):
            held.schedule.parked()
            await park(mayHaveBeenCalled ? work.interrupted : work, subject: subject, for: delay)
        case .blocked(let failure):
            held.schedule.parked()
            await block(work.interrupted, subject: subject, failure)
        case .returned, .abandoned:
            held.schedule.finished(subject: subject)
            await giveUp(work, ending)
        }
    }

    /// A detour lasts until the broker confirms, so it keeps nobody's place; only its subject stays taken.
    private func follow(_ way: CallEnding.Detour, _ work: CallWork, subject: String, id: Int) async {
        held.schedule.parked()
        running[id]?.isOnDetour = true
        if let cause = way.pause { await outage.begin(cause) }
        startReady()
        let ending = await road.take(way)
        if case .blocked(let failure) = ending { return await block(work, subject: subject, failure) }
        held.schedule.finishedParked(subject: subject)
        if case .settled = ending { await acknowledge(work) } else { await giveUp(work, ending) }
    }

    private func acknowledge(_ work: CallWork) async {
        FaultPoint.beforeSettle.pass(work.names.subject)
        await consumer.settle([.ack(work.intake.delivery.tag)])
        FaultPoint.afterSettle.pass(work.names.subject)
    }

    /// The broker delivers it again: now, or when this process has gone.
    func giveUp(_ work: CallWork, _ ending: CallEnding) async {
        guard !isAbandoned, !road.epoch.isStale(work.intake) else { return }
        await consumer.settle([.requeue(work.intake.delivery.tag)])
    }
}
