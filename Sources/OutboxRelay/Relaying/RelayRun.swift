internal import Fleet
internal import Ledger
internal import Logging
internal import RabbitMQ

/// Publishes the rows of one outbox until it is stopped: reads ahead, has many messages on their way, and marks what is
/// confirmed a few hundred rows at a time.
///
/// A process that is killed publishes again what was confirmed and not marked, under the same ids, which every consumer
/// takes for the duplicates they are.
actor RelayRun {
    /// What wakes it.
    private enum Event: Sendable {
        case tick
        case answered([RelayAnswer])
    }

    let database: OutboxDatabase
    let road: PublishingRoad
    let settings: RelaySettings
    let limits: RelayLimits
    let pulse: RelayPulse
    let logger: Logger
    let reader: RowReader
    /// Without it another process may be publishing the same rows.
    private let lock: RelayLock?

    var lanes: SubjectLanes
    var holds = QueueHolds()
    /// Rows that ask for a queue that is held, and go next.
    var asking: [RelayedRow] = []
    private var inFlight = 0
    private var marks = OutboxMarks()
    private var firstMark: ContinuousClock.Instant?
    /// Rows that are done with, which the database still takes for waiting.
    private(set) var unmarked: Set<Int64> = []

    /// Everything up to this id has been read, nothing when it is nil; rows for queues that are held were passed over, and
    /// those of subjects of which enough is here.
    var position: Int64?
    var isReadDue = true
    /// Whether it is to be asked if somebody has written.
    var isLookDue = true
    var changes: Int64?
    var wasOpen = false
    var nextRescan = ContinuousClock.now
    var nextPrune = ContinuousClock.now
    private var restsUntil = ContinuousClock.now

    init(
        database: OutboxDatabase, road: PublishingRoad, settings: RelaySettings, limits: RelayLimits = RelayLimits(),
        pulse: RelayPulse, lock: RelayLock? = nil, logger: Logger
    ) {
        self.database = database
        self.road = road
        self.settings = settings
        self.limits = limits
        self.pulse = pulse
        self.logger = logger
        self.lock = lock
        lanes = SubjectLanes(mostOfOne: limits.mostOfOne)
        reader = RowReader(source: settings.source)
    }

    /// Returns when it is stopped and nothing is on its way any more, or soon after it is cancelled.
    /// - Throws: what a person has to mend.
    func run() async throws(ProgramError) {
        let (road, interval) = (road, settings.interval)
        let failure = await withTaskGroup(of: Event.self) { group -> ProgramError? in
            group.addTask { await Self.tick(after: interval) }
            defer { group.cancelAll() }
            while !isOver {
                let batches: [[RelayedRow]]
                do throws(ProgramError) { batches = try await turn() } catch { return error }
                for batch in batches { group.addTask { await Self.publish(batch, over: road) } }
                switch await group.next() {
                case .tick?:
                    isLookDue = true
                    group.addTask { await Self.tick(after: interval) }
                case .answered(let answers)?: note(answers)
                case nil: return nil
                }
            }
            return nil
        }
        if let failure { throw failure }
    }

    private var isOver: Bool {
        Task.isCancelled || (pulse.isStopping && inFlight == 0 && marks.isEmpty)
    }

    private static func tick(after interval: Duration) async -> Event {
        try? await Task.sleep(for: interval)
        return .tick
    }

    private static func publish(_ rows: [RelayedRow], over road: PublishingRoad) async -> Event {
        let outcomes = await road.publish(rows.map(\.message))
        return .answered(
            rows.enumerated().map { index, row in
                RelayAnswer(row: row, outcome: index < outcomes.count ? outcomes[index] : .notSent(.stopped))
            })
    }

    /// What is done each time it is awake; returns what is to be published now.
    private func turn() async throws(ProgramError) -> [[RelayedRow]] {
        try await mark()
        try await look()
        // Right before anything is published: whoever has taken the lock meanwhile waits for that.
        if let lock, !lock.isHeld { throw lock.lost }
        return takeBatches()
    }

    private func takeBatches() -> [[RelayedRow]] {
        guard road.isOpen(), !pulse.isStopping, marks.count < limits.unmarked else { return [] }
        var batches = asking.map { [$0] }
        inFlight += asking.count
        asking = []
        while inFlight < limits.inFlight {
            let batch = lanes.takeReady(min(limits.batch, limits.inFlight - inFlight))
            if batch.isEmpty { break }
            inFlight += batch.count
            batches.append(batch)
        }
        return batches
    }

    // MARK: - What became of rows

    private func note(_ answers: [RelayAnswer]) {
        inFlight -= answers.count
        for answer in answers where !answer.row.isProbe { lanes.end(answer.row) }
        for answer in answers { note(answer) }
        pulse.note(holds: holds.reasons)
    }

    private func note(_ answer: RelayAnswer) {
        let (row, outcome) = (answer.row, answer.outcome)
        if case .confirmed = outcome {
            confirmed(row)
        } else if let reason = outcome.refusal {
            refuse(RowRefusal(row, reason: reason))
            if row.isProbe { holds.askAgain(row.lane.queue, now: .now) }
        } else {
            hold(row.lane.queue, outcome.reason)
        }
    }

    private func confirmed(_ row: RelayedRow) {
        FaultPoint.afterOutboxConfirm.pass(row.lane.subject)
        marks.sent.append(.init(id: row.id, subject: row.lane.subject))
        noteMark(of: row.id)
        pulse.sent(1)
        if row.isProbe { goOn(row.lane.queue) }
    }

    /// Sets a row aside; those behind it go on, because each restates the whole object.
    func refuse(_ refusal: RowRefusal) {
        marks.refused.append(refusal)
        noteMark(of: refusal.id)
        pulse.refused(1)
        // What is wrong may quote a person; the row says it, the log only where.
        logger.error(
            "row refused",
            metadata: [
                "code": "\(refusal.code)", "id": "\(refusal.id)", "type": "\(refusal.type)",
                "subject": "\(refusal.subject)", "revision": "\(refusal.revision)",
                "places": "\(refusal.places.joined(separator: ","))",
                "remedy": "`outbox-relay status` says what is wrong; correct the row, then `outbox-relay retry`.",
            ])
    }

    private func noteMark(of id: Int64) {
        unmarked.insert(id)
        firstMark = firstMark ?? .now
    }

    /// Writes down what has been answered, when it is many rows, or long ago, or nothing else is to be done.
    private func mark() async throws(ProgramError) {
        let isIdle = inFlight == 0 && !lanes.hasReady
        let isLate = firstMark.map { $0.duration(to: .now) >= limits.markPatience } ?? false
        guard isIdle || isLate || marks.count >= limits.marks else { return }
        while !marks.isEmpty {
            let part = marks.prefix(limits.marks)
            let isDone = try await use { [database] in
                try await database.settle(part)
                return true
            }
            guard isDone ?? false else { return }
            marks.remove(part)
            unmarked.subtract(part.ids)
            for row in part.sent { FaultPoint.afterOutboxMark.pass(row.subject) }
        }
        firstMark = nil
    }

    // MARK: - The database

    /// Reads or writes. What may pass is waited for, and said once; nil then.
    func use<Value: Sendable>(
        _ work: @Sendable () async throws -> Value
    ) async throws(ProgramError) -> Value? {
        guard ContinuousClock.now >= restsUntil else { return nil }
        do {
            let value = try await work()
            if pulse.note(fault: nil) { logger.notice("database used again") }
            return value
        } catch let error as LedgerError where error.isRecoverable {
            restsUntil = .now + limits.rest
            let reason = ProgramError.store(error, database.path).sentence
            if pulse.note(fault: reason) { logger.warning("database waits", metadata: ["reason": "\(reason)"]) }
            return nil
        } catch {
            throw .store(error, database.path, isRunning: true)
        }
    }
}
