internal import Glibc

/// Hands work from any task to a thread that sleeps until there is some.
///
/// Work may be patient: then the thread sleeps on for as long, so that other work can join it. The most impatient piece
/// decides when the thread wakes up, and it takes whatever is there by then.
///
/// `@unchecked Sendable`: `waiting`, `due` and `isClosed` are touched only between lock and unlock of `mutex`, and the mutex and the
/// condition have fixed addresses until `deinit`, when nobody can hold them any more. Work is handed over, not shared:
/// whoever submitted it does not touch it again.
final class WorkQueue<Work>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var waiting: [Work] = []
    /// When what waits has to be taken, on the monotonic clock in nanoseconds.
    private var due = Int64.max
    private var isClosed = false

    init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Adds work that may wait for `patience` until it is taken. False when the queue has been closed and will not do it.
    func submit(_ work: Work, patience: Duration = .zero) -> Bool {
        let latest = Self.now() + patience.nanoseconds
        return locked {
            guard !isClosed else { return false }
            waiting.append(work)
            if latest < due {
                due = latest
                pthread_cond_signal(condition)
            }
            return true
        }
    }

    /// Waits until work is due and takes up to `limit` pieces in order; nil when the queue is closed and empty.
    func take(limit: Int) -> [Work]? {
        locked {
            while !isClosed, due > Self.now() { sleep() }
            guard waiting.count > limit else {
                defer { (waiting, due) = ([], .max) }
                return waiting.isEmpty ? nil : waiting
            }
            defer { waiting.removeFirst(limit) }
            return Array(waiting.prefix(limit))
        }
    }

    /// Lets the thread finish what has been submitted, then end.
    func close() {
        locked {
            isClosed = true
            pthread_cond_signal(condition)
        }
    }

    private func sleep() {
        guard due < .max else {
            pthread_cond_wait(condition, mutex)
            return
        }
        var until = timespec(tv_sec: Int(due / 1_000_000_000), tv_nsec: Int(due % 1_000_000_000))
        pthread_cond_timedwait(condition, mutex, &until)
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}

extension Duration {
    /// Zero or more, and at most an hour: patience has an end.
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = min(max(self, .zero), .seconds(3_600)).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
