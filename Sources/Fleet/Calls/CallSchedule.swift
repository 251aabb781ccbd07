internal import DequeModule

/// Which of the held messages may be called next: never two of one subject at once, otherwise first come, first served.
///
/// A pure value. Its size is bounded by the prefetch, because only unacknowledged deliveries are in it.
struct CallSchedule<Job> {
    private var ready: Deque<(subject: String, job: Job)> = []
    private var waitingBySubject: [String: Deque<Job>] = [:]

    /// How many jobs run now.
    private(set) var running = 0

    /// Nothing runs and nothing waits.
    var isIdle: Bool { running == 0 && ready.isEmpty }

    /// Takes a job in; it waits behind any other job of its subject.
    mutating func add(_ job: Job, subject: String) {
        if waitingBySubject[subject] != nil {
            waitingBySubject[subject]?.append(job)
        } else {
            waitingBySubject[subject] = []
            ready.append((subject, job))
        }
    }

    /// The next job to start, while fewer than `limit` run.
    mutating func next(limit: Int) -> (subject: String, job: Job)? {
        guard running < limit, let next = ready.popFirst() else { return nil }
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
    mutating func unparked(_ job: Job, subject: String) { ready.prepend((subject, job)) }

    /// A parked job has ended.
    mutating func finishedParked(subject: String) { free(subject) }

    /// Takes out what has not been started. Subjects of running and parked jobs stay taken.
    mutating func removeUnstarted(where isUnwanted: (Job) -> Bool = { _ in true }) -> [Job] {
        var removed: [Job] = []
        for (subject, jobs) in waitingBySubject where jobs.contains(where: isUnwanted) {
            removed += jobs.filter(isUnwanted)
            waitingBySubject[subject]?.removeAll(where: isUnwanted)
        }
        let before = ready
        ready = []
        for (subject, job) in before {
            if !isUnwanted(job) {
                ready.append((subject, job))
            } else {
                removed.append(job)
                free(subject)
            }
        }
        return removed
    }

    private mutating func free(_ subject: String) {
        if let job = waitingBySubject[subject]?.popFirst() {
            ready.append((subject, job))
        } else {
            waitingBySubject[subject] = nil
        }
    }
}
