internal import Models
internal import RabbitMQ

/// What a call worker holds without working on it: messages that wait for their turn, for a while, or to be tried alone.
///
/// Bounded by the prefetch, as ``CallSchedule`` is, and by how many are taken out of the ledger at a time.
struct HeldCalls {
    /// A message that waits without a task of its own. Its subject stays taken.
    private struct Parked {
        let work: CallWork
        let subject: String
        /// Ends the wait; nil while it waits for the ledger.
        let timer: Task<Void, Never>?
    }

    /// Which message may be worked on next.
    var schedule = CallSchedule<CallWork>()
    private var parked: [Int: Parked] = [:]
    private var nextID = 0
    /// To be tried as soon as those that must leave first have left.
    private var suspects: [Intake] = []
    /// How many are here that were taken out of the ledger before their turn, and those that run.
    private(set) var ahead = 0

    /// Takes a message in that waits for its turn.
    mutating func add(_ work: CallWork, urgency: Int = 0) {
        if work.isAhead { ahead += 1 }
        schedule.add(work, subject: work.subject, urgency: urgency, since: work.intake.receivedAt)
    }

    /// A running one of those that were taken out of the ledger has ended.
    mutating func finishedAhead(subject: String) {
        ahead -= 1
        schedule.finished(subject: subject)
    }

    // MARK: - Waiting for a while

    /// Keeps a message whose place was given away until `wake`, which gets its number, is called after `delay`; without
    /// one, until the ledger is back.
    mutating func park(
        _ work: CallWork, subject: String, for delay: Duration?, wake: @escaping @Sendable (Int) async -> Void
    ) {
        nextID += 1
        let timer = delay.map { [id = nextID] delay in
            Task {
                guard (try? await Task.sleep(for: delay)) != nil else { return }
                await wake(id)
            }
        }
        parked[nextID] = Parked(work: work, subject: subject, timer: timer)
    }

    /// Ends the wait of a message: it goes on before the others, or is dropped when it is stale.
    mutating func unpark(_ id: Int, isStale: (CallWork) -> Bool) {
        guard let one = parked.removeValue(forKey: id) else { return }
        guard isStale(one.work) else { return schedule.unparked(one.work, subject: one.subject) }
        finishedParked(one.work, subject: one.subject)
    }

    /// A message whose place was given away has left.
    mutating func finishedParked(_ work: CallWork, subject: String) {
        if work.isAhead { ahead -= 1 }
        schedule.finishedParked(subject: subject)
    }

    /// The ledger is back: ends the wait of what waited for it.
    mutating func unparkBlocked(isStale: (CallWork) -> Bool) {
        for (id, one) in parked where one.timer == nil { unpark(id, isStale: isStale) }
    }

    // MARK: - Waiting to be tried alone

    /// Keeps a suspect until ``beginTrials()``.
    mutating func add(suspect: Intake) { suspects.append(suspect) }

    /// Gives the suspects their places in the schedule.
    mutating func beginTrials() {
        for suspect in suspects { add(.suspect(suspect)) }
        suspects = []
    }

    // MARK: - Taking out

    /// Takes out what has not begun, parked or not. What has no delivery of its own is dropped.
    mutating func takeAll(where isUnwanted: (CallWork) -> Bool = { _ in true }) -> [Intake] {
        takeUnstarted(where: isUnwanted) + takeParked(where: isUnwanted)
    }

    /// Takes out what waits for its turn.
    mutating func takeUnstarted(where isUnwanted: (CallWork) -> Bool = { _ in true }) -> [Intake] {
        let leaving = suspects.filter { isUnwanted(.suspect($0)) }
        suspects.removeAll { isUnwanted(.suspect($0)) }
        let unstarted = schedule.removeUnstarted(where: isUnwanted)
        let delivered = unstarted.filter { !$0.isAhead }
        ahead -= unstarted.count - delivered.count
        return delivered.map(\.intake) + leaving
    }

    private mutating func takeParked(where isUnwanted: (CallWork) -> Bool) -> [Intake] {
        let leaving = parked.filter { isUnwanted($0.value.work) }
        for (id, one) in leaving {
            one.timer?.cancel()
            parked[id] = nil
            finishedParked(one.work, subject: one.subject)
        }
        return leaving.values.map(\.work).filter { !$0.isAhead }.map(\.intake)
    }
}
