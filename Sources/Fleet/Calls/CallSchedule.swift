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

    /// A job of `subject` has ended: the next one of that subject becomes ready.
    mutating func finished(subject: String) {
        running -= 1
        if let job = waitingBySubject[subject]?.popFirst() {
            ready.append((subject, job))
        } else {
            waitingBySubject[subject] = nil
        }
    }

    /// A running job waits for a moment; its subject stays taken.
    mutating func parked() { running -= 1 }

    /// A parked job goes on, before the others.
    mutating func unparked(_ job: Job, subject: String) { ready.prepend((subject, job)) }

    /// Takes out everything that has not been started, for a shutdown.
    mutating func removeUnstarted() -> [Job] {
        let jobs = ready.map(\.job) + waitingBySubject.values.flatMap { $0 }
        ready = []
        waitingBySubject = [:]
        return jobs
    }
}
