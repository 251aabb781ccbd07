internal import DequeModule

/// Which of the held messages may be called next: never two of one subject at once, the most urgent first, and first come,
/// first served among those that are equally urgent.
///
/// Nobody waits for ever: a job that many others have overtaken, or that has waited for long, is overdue, and every other
/// place goes to one of those, the first come of them. So what is urgent still gets its half when everything is late.
///
/// A pure value. Its size is bounded by the prefetch, because only unacknowledged deliveries are in it; of different
/// urgencies there are a few.
struct CallSchedule<Job> {
    /// When a job is overdue.
    struct Patience {
        /// More that came later have begun before it.
        var overtakings = 1_000
        /// It was received so long ago.
        var wait = Duration.seconds(30)
    }

    private struct Waiting {
        let job: Job
        let urgency: Int
        let since: ContinuousClock.Instant?
    }

    private struct Ready {
        let subject: String
        let waiting: Waiting
        /// Counts those that became ready.
        let place: Int
    }

    var patience = Patience()
    /// They go on before all others.
    private var resumed: Deque<(subject: String, job: Job)> = []
    private var ready: [Int: Deque<Ready>] = [:]
    /// Those of which any job is ready, the highest first.
    private var urgencies: [Int] = []
    private var readyCount = 0
    private var nextPlace = 0
    private var wasOverdue = false
    private var waitingBySubject: [String: Deque<Waiting>] = [:]

    /// How many jobs run now.
    private(set) var running = 0

    /// Nothing runs and nothing waits.
    var isIdle: Bool { running == 0 && readyCount == 0 && resumed.isEmpty }

    /// The subjects of which something waits, runs or is parked.
    var subjects: Set<String> { Set(waitingBySubject.keys) }

    /// The lowest urgency of what could be called next; nil when nothing could.
    var lowestUrgency: Int? { urgencies.last }

    /// Takes a job in; it waits behind any other job of its subject.
    /// - Parameter since: When it was received; nil where its wait does not count.
    mutating func add(_ job: Job, subject: String, urgency: Int = 0, since: ContinuousClock.Instant? = nil) {
        let waiting = Waiting(job: job, urgency: urgency, since: since)
        if waitingBySubject[subject] != nil {
            waitingBySubject[subject]?.append(waiting)
        } else {
            waitingBySubject[subject] = []
            append(waiting, subject: subject)
        }
    }

    /// The next job to start, while fewer than `limit` run.
    mutating func next(limit: Int, now: ContinuousClock.Instant? = nil) -> (subject: String, job: Job)? {
        guard running < limit, let next = resumed.popFirst() ?? nextReady(now) else { return nil }
        running += 1
        return next
    }

    /// A running job of `subject` has ended: the next one of that subject becomes ready.
    mutating func finished(subject: String) {
        running -= 1
        free(subject)
    }

    /// A running job gives its place away, to wait or to take a detour; its subject stays taken.
    mutating func parked() { running -= 1 }

    /// A parked job goes on, before the others.
    mutating func unparked(_ job: Job, subject: String) { resumed.prepend((subject, job)) }

    /// A parked job has ended.
    mutating func finishedParked(subject: String) { free(subject) }

    // MARK: - Taking out

    /// Takes out what has not been started. Subjects of running and parked jobs stay taken.
    mutating func removeUnstarted(where isUnwanted: (Job) -> Bool = { _ in true }) -> [Job] {
        var removed: [Job] = []
        for (subject, jobs) in waitingBySubject where jobs.contains(where: { isUnwanted($0.job) }) {
            removed += jobs.map(\.job).filter(isUnwanted)
            waitingBySubject[subject]?.removeAll { isUnwanted($0.job) }
        }
        let leaving = removeReady(where: isUnwanted) + removeResumed(where: isUnwanted)
        for one in leaving { free(one.subject) }
        return removed + leaving.map { $0.job }
    }

    private mutating func removeReady(where isUnwanted: (Job) -> Bool) -> [(subject: String, job: Job)] {
        var leaving: [(subject: String, job: Job)] = []
        var staying: [Int: Deque<Ready>] = [:]
        for (urgency, jobs) in ready {
            for one in jobs where isUnwanted(one.waiting.job) { leaving.append((one.subject, one.waiting.job)) }
            let rest = jobs.filter { !isUnwanted($0.waiting.job) }
            if !rest.isEmpty { staying[urgency] = rest }
        }
        ready = staying
        urgencies = staying.keys.sorted(by: >)
        readyCount -= leaving.count
        return leaving
    }

    private mutating func removeResumed(where isUnwanted: (Job) -> Bool) -> [(subject: String, job: Job)] {
        let leaving = resumed.filter { isUnwanted($0.job) }
        resumed.removeAll { isUnwanted($0.job) }
        return Array(leaving)
    }

    // MARK: - Choosing

    private mutating func nextReady(_ now: ContinuousClock.Instant?) -> (subject: String, job: Job)? {
        guard let highest = urgencies.first else { return nil }
        let overdue = wasOverdue ? nil : overdueUrgency(now)
        wasOverdue = overdue != nil
        return popFirst(of: overdue ?? highest)
    }

    /// Of which urgency the first come is overdue; nil when that is none that has to wait for another.
    private func overdueUrgency(_ now: ContinuousClock.Instant?) -> Int? {
        guard urgencies.count > 1 else { return nil }
        let heads = urgencies.dropFirst().compactMap { ready[$0]?.first }
        return heads.filter { isOverdue($0, now) }.min { $0.place < $1.place }?.waiting.urgency
    }

    private func isOverdue(_ one: Ready, _ now: ContinuousClock.Instant?) -> Bool {
        // All that became ready after it, but for those that still wait: the others have begun.
        if nextPlace - one.place - readyCount > patience.overtakings { return true }
        guard let now, let since = one.waiting.since else { return false }
        return now - since >= patience.wait
    }

    private mutating func popFirst(of urgency: Int) -> (subject: String, job: Job)? {
        guard let next = ready[urgency]?.popFirst() else { return nil }
        readyCount -= 1
        if ready[urgency]?.isEmpty == true {
            ready[urgency] = nil
            urgencies.removeAll { $0 == urgency }
        }
        return (next.subject, next.waiting.job)
    }

    private mutating func append(_ waiting: Waiting, subject: String) {
        let urgency = waiting.urgency
        if ready[urgency] == nil {
            urgencies.insert(urgency, at: urgencies.firstIndex { $0 < urgency } ?? urgencies.endIndex)
        }
        ready[urgency, default: []].append(Ready(subject: subject, waiting: waiting, place: nextPlace))
        nextPlace += 1
        readyCount += 1
    }

    private mutating func free(_ subject: String) {
        if let next = waitingBySubject[subject]?.popFirst() {
            append(next, subject: subject)
        } else {
            waitingBySubject[subject] = nil
        }
    }
}
