#if canImport(Glibc)
    internal import Glibc
#endif
internal import Synchronization

/// The processes that run now. A number is signalled only while it is certainly still ours: reaping and signalling
/// exclude each other.
final class RunningCrew: Sendable {
    private struct State {
        var processes: Set<pid_t> = []
        var isStopping = false
        var killed = 0
    }

    private let state = Mutex(State())

    /// A process has started. When the crew is being stopped, it is asked to end at once.
    func add(_ process: pid_t) {
        state.withLock { state in
            state.processes.insert(process)
            if state.isStopping { kill(process, SIGTERM) }
        }
    }

    /// Asks everyone to end, now and when they start later.
    func stop() {
        state.withLock { state in
            state.isStopping = true
            for process in state.processes { kill(process, SIGTERM) }
        }
    }

    /// How many programs had to be ended by ``killAll()``.
    var killed: Int { state.withLock { $0.killed } }

    /// Ends everyone at once.
    func killAll() {
        state.withLock { state in
            state.killed += state.processes.count
            for process in state.processes { kill(process, SIGKILL) }
        }
    }

    /// Waits for the end of a process, on the calling thread.
    func reap(_ process: pid_t) -> ProgramEnd {
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        return state.withLock { state in
            var status: Int32 = 0
            waitpid(process, &status, 0)
            state.processes.remove(process)
            let signal = status & 0x7F
            return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal)
        }
    }
}
