internal import Glibc

/// Hands work from any task to one or more threads that sleep until there is some.
///
/// `@unchecked Sendable`: `waiting` and `isClosed` are touched only between lock and unlock of `mutex`, and the mutex and the
/// condition have fixed addresses until `deinit`, when nobody can hold them any more. Work is handed over, not shared:
/// whoever submitted it does not touch it again.
final class WorkQueue<Work>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var waiting: [Work] = []
    private var isClosed = false

    init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// False when the queue has been closed and will not do the work.
    func submit(_ work: Work) -> Bool {
        locked {
            guard !isClosed else { return false }
            waiting.append(work)
            pthread_cond_signal(condition)
            return true
        }
    }

    /// Waits for work and takes up to `limit` pieces in order; nil when the queue is closed and empty.
    func take(limit: Int) -> [Work]? {
        locked {
            while waiting.isEmpty {
                if isClosed { return nil }
                pthread_cond_wait(condition, mutex)
            }
            guard waiting.count > limit else {
                defer { waiting = [] }
                return waiting
            }
            defer { waiting.removeFirst(limit) }
            return Array(waiting.prefix(limit))
        }
    }

    /// Lets the threads finish what has been submitted, then end.
    func close() {
        locked {
            isClosed = true
            pthread_cond_broadcast(condition)
        }
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
