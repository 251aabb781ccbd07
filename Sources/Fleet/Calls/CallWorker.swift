internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// Consumes one queue whose messages call another system: as many at once as that system bears, never two of a subject.
actor CallWorker: FlowWorker {
    /// A held delivery and what is to be done with it.
    enum Work: Sendable {
        case call(CallJob)
        case fault(Intake, ContractNames, Failure)

        var intake: Intake {
            switch self {
            case .call(let job): job.intake
            case .fault(let intake, _, _): intake
            }
        }

        var names: ContractNames {
            switch self {
            case .call(let job): job.names
            case .fault(_, let names, _): names
            }
        }

        /// The same work after a try that an error broke off.
        var interrupted: Work {
            guard case .call(var job) = self else { return self }
            job.wasInterrupted = true
            return .call(job)
        }
    }

    private let consumer: any DeliverySource
    private let road: CallRoad
    private let outage: OutageWatch
    private let finished: Latch<Void>
    private let metrics: FlowMetrics
    private let logger: Logger
    private let reader = MessageReader()
    private var schedule = CallSchedule<Work>()
    private var isStopping = false
    private var tasks: [Int: Task<Void, Never>] = [:]
    private var parked: Set<Int> = []
    private var nextTask = 0
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
    }

    /// Returns when the consumer has been stopped and everything in flight has ended.
    func run() async {
        let keeping = Task { await road.leases.run() }
        defer { keeping.cancel() }
        while let batch = await consumer.nextBatch() {
            metrics.consumed.add(batch.deliveries.count)
            for delivery in batch.deliveries { accept(Intake(delivery)) }
            startReady()
        }
        isStopping = true
        for id in parked { tasks[id]?.cancel() }
        for work in schedule.removeUnstarted() {
            await consumer.settle([.requeue(work.intake.delivery.tag)])
        }
        if !tasks.isEmpty { await withCheckedContinuation { idle = $0 } }
        finished.open()
    }

    /// Cancels what is still in flight when the grace period is over; unacknowledged messages are delivered elsewhere.
    func abandon() -> Int {
        for task in tasks.values { task.cancel() }
        return tasks.count
    }

    // MARK: - Scheduling

    private func accept(_ intake: Intake) {
        let work: Work
        let subject: String
        do throws(ContractError) {
            let message = try reader.read(intake)
            work = .call(CallJob(intake, message))
            subject = message.envelope.subject
        } catch {
            work = .fault(intake, ContractNames(error, properties: intake.properties), Failure(error))
            // Not a subject any order can have, so that faulty messages wait for nobody.
            subject = "\u{0}\(intake.delivery.tag)"
        }
        schedule.add(work, subject: subject)
    }

    private func startReady() {
        guard !isStopping else { return }
        // Some more than may call at once, so that claimed messages stand ready at the gate.
        let width = road.gate.limit + road.gate.limit / 2 + 8
        while let next = schedule.next(limit: width) { start(next.job, subject: next.subject) }
        metrics.inFlight.set(tasks.count)
    }

    private func start(_ work: Work, subject: String) {
        nextTask += 1
        let id = nextTask
        tasks[id] = Task {
            let ending = await road.travel(work)
            await finish(work, subject: subject, ending: ending, task: id)
            ended(id)
        }
    }

    private func ended(_ id: Int) {
        tasks[id] = nil
        startReady()
        if tasks.isEmpty, isStopping {
            idle?.resume()
            idle = nil
        }
    }

    private func finish(_ work: Work, subject: String, ending: CallRoad.Ending, task id: Int) async {
        switch ending {
        case .settled:
            await settle(work, subject: subject)
        case .unreachable:
            await settle(work, subject: subject)
            await outage.begin()
        case .later(let delay):
            await park(work, subject: subject, for: delay, task: id)
        case .blocked(let delay):
            await park(work.interrupted, subject: subject, for: delay, task: id)
        case .abandoned:
            schedule.finished(subject: subject)
        }
    }

    /// Waits inside the task. A shutdown ends the wait at once, and the message goes back to its queue.
    private func park(_ work: Work, subject: String, for delay: Duration, task id: Int) async {
        schedule.parked()
        if !isStopping {
            startReady()
            parked.insert(id)
            try? await Task.sleep(for: delay)
            parked.remove(id)
        }
        if isStopping {
            await consumer.settle([.requeue(work.intake.delivery.tag)])
        } else {
            schedule.unparked(work, subject: subject)
        }
    }

    private func settle(_ work: Work, subject: String) async {
        schedule.finished(subject: subject)
        await consumer.settle([.ack(work.intake.delivery.tag)])
        FaultPoint.afterSettle.pass()
    }
}
