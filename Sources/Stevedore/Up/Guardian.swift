#if canImport(Glibc)
    internal import Glibc
#endif
internal import Synchronization

/// Sees to it that no program outlives `stevedore up`, not even when that is killed with -9.
///
/// A shell leads the process group of all programs and reads from a pipe whose other end only we hold. When we are gone,
/// however that came, the read ends: everyone gets SIGTERM, and after the grace SIGKILL.
final class Guardian: Sendable {
    private struct State {
        var shell: pid_t = 0
        var lifeline: Int32 = -1
    }

    private let state = Mutex(State())
    private let script: String

    /// `grace` is how long programs may take to end by themselves.
    init(grace: Duration) {
        let seconds = max(1, Int((grace / .seconds(1)).rounded(.up)))
        script = "trap '' HUP INT TERM; read -r line; kill -TERM 0; sleep \(seconds); kill -KILL 0"
    }

    deinit { dismiss() }

    /// The process group for the next program; 0, which means one of its own, when no shell can be started.
    func group() -> pid_t {
        state.withLock { state in
            var status: Int32 = 0
            // Somebody may have ended it; a group without its leader takes nobody in.
            if state.shell > 0 && waitpid(state.shell, &status, WNOHANG) == 0 { return state.shell }
            if state.lifeline >= 0 { close(state.lifeline) }
            state = start() ?? State()
            return state.shell
        }
    }

    /// Nobody needs watching any more, because everyone has ended or has been killed.
    func dismiss() {
        state.withLock { state in
            if state.shell > 0 {
                var status: Int32 = 0
                kill(state.shell, SIGKILL)
                waitpid(state.shell, &status, 0)
            }
            if state.lifeline >= 0 { close(state.lifeline) }
            state = State()
        }
    }

    private func start() -> State? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        var spawning = Spawning(path: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
        spawning.input = ends[0]
        guard let shell = spawning.start() else {
            close(ends[1])
            return nil
        }
        return State(shell: shell, lifeline: ends[1])
    }
}
