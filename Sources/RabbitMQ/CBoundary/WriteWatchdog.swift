import Glibc
import Synchronization

/// librabbitmq 0.11 waits without limit when the peer does not take what is written (broker alarms). The watchdog
/// cuts such a socket, which makes the write return with an error; nothing else interrupts it.
final class WriteWatchdog: Sendable {
    static let shared = WriteWatchdog()

    /// A watched socket. It holds a duplicate of the descriptor, so that cutting can never hit a stranger that
    /// was given the same number.
    final class Guard: Sendable {
        private let descriptor: Int32
        fileprivate let deadline = Atomic<Int64>(0)

        /// Nil when there are no descriptors left.
        fileprivate init?(descriptor: Int32) {
            self.descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
            if self.descriptor < 0 { return nil }
        }

        deinit { close(descriptor) }

        /// From now until `disarm`, the socket is cut when the time is over.
        func arm(_ limit: Duration) {
            // Ordered with `isResting`: either this sees that nobody watches, or the retiring thread sees this.
            deadline.store(
                WriteWatchdog.milliseconds() &+ Int64(limit / .milliseconds(1)), ordering: .sequentiallyConsistent)
            WriteWatchdog.shared.rouse()
        }

        func disarm() { deadline.store(0, ordering: .relaxed) }

        fileprivate func cutIfLate(_ now: Int64) -> Bool {
            let deadline = deadline.load(ordering: .sequentiallyConsistent)
            if deadline != 0, now > deadline { shutdown(descriptor, Int32(SHUT_RDWR)) }
            return deadline != 0
        }
    }

    private struct Watched { weak var guarded: Guard? }

    private let watched = Mutex<[Watched]>([])
    private let isResting = Atomic<Bool>(true)

    /// Nil when the system has no descriptor left.
    func watch(_ descriptor: Int32) -> Guard? {
        guard let new = Guard(descriptor: descriptor) else { return nil }
        watched.withLock { list in
            list.removeAll { $0.guarded == nil }
            list.append(Watched(guarded: new))
        }
        return new
    }

    /// The thread lives only while something is armed: an idle process is not woken.
    private func rouse() {
        guard isResting.load(ordering: .sequentiallyConsistent), takeUp() else { return }
        // Without a thread left the next one who arms tries again.
        if !ConnectionThread.spawn(name: "amqp-watchdog", { self.run() }) {
            isResting.store(true, ordering: .sequentiallyConsistent)
        }
    }

    private func takeUp() -> Bool {
        isResting.compareExchange(expected: true, desired: false, ordering: .sequentiallyConsistent).exchanged
    }

    private func run() {
        while true {
            var quietRounds = 0
            while quietRounds < 2 {
                usleep(250_000)
                quietRounds = cutTheLate() ? 0 : quietRounds + 1
            }
            isResting.store(true, ordering: .sequentiallyConsistent)
            // Whoever armed between the last look and this line relied on this thread.
            guard cutTheLate(), takeUp() else { return }
        }
    }

    /// Whether anything is armed.
    private func cutTheLate() -> Bool {
        let guards = watched.withLock { $0.compactMap(\.guarded) }
        let now = Self.milliseconds()
        var anyArmed = false
        for one in guards where one.cutIfLate(now) { anyArmed = true }
        return anyArmed
    }

    private static func milliseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec / 1_000_000)
    }
}
