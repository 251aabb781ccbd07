internal import Fleet
internal import FoundationEssentials
internal import Synchronization
#if canImport(Glibc)
    internal import Glibc
#endif

/// A program that the bench has started. It shares the bench's process group, so that whoever ends that ends both.
struct Program: Sendable {
    /// Those that have not ended.
    private static let running = Mutex<Set<pid_t>>([])

    private let name: String
    let process: pid_t
    /// When it was started, on the wall clock.
    let startedAt: Int64
    private let output: String

    /// Starts it; what it writes goes to files of the bench's directory.
    init(_ path: String, _ arguments: [String], environment: [String: String] = [:], on bench: Bench) throws(BenchError)
    {
        name = path.split(separator: "/").last.map(String.init) ?? path
        output = bench.file(name)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output + ".out", flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, output + ".err", flags, 0o600)
        // A thread of the pool blocks most signals, and a program that does not clear that itself would never hear SIGTERM.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let variables = ProgramLauncher.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var child: pid_t = 0
        startedAt = WallClock.microseconds
        let status = Self.withCStrings([path] + arguments) { arguments in
            Self.withCStrings(variables) { posix_spawn(&child, path, &actions, &attributes, arguments, $0) }
        }
        guard status == 0 else { throw .start(path, errno: status) }
        process = child
        Self.running.withLock { _ = $0.insert(child) }
    }

    /// Ends what a benchmark that failed has left.
    static func killAll() {
        for process in running.withLock({ $0 }) {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        running.withLock { $0 = [] }
    }

    /// Waits for its end and returns what it wrote.
    func finish(within limit: Duration = .seconds(600)) async throws -> String {
        guard try await end(within: limit) == 0 else { throw BenchError.failed(name, errors) }
        return text(".out")
    }

    /// Waits until it has written a line that begins so, and returns the rest of that line.
    func line(after beginning: String, within limit: Duration = .seconds(20)) async throws -> String {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let lines = text(".out").split(separator: "\n").dropLast(text(".out").hasSuffix("\n") ? 0 : 1)
            if let line = lines.first(where: { $0.hasPrefix(beginning) }) {
                return String(line.dropFirst(beginning.count))
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw BenchError.failed(name, "it did not say '\(beginning)…'\n" + errors)
    }

    /// Asks it to stop, and insists after a while.
    func stop() async {
        kill(process, SIGTERM)
        if (try? await end(within: .seconds(30))) == nil {
            kill(process, SIGKILL)
            _ = try? await end(within: .seconds(5))
        }
    }

    /// The end of what it wrote on standard error.
    var errors: String { String(text(".err").suffix(2_000)) }

    private func end(within limit: Duration) async throws -> Int32 {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process {
                Self.running.withLock { _ = $0.remove(process) }
                return status
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw BenchError.failed(name, "it did not end within \(limit)")
    }

    private func text(_ ending: String) -> String {
        (try? String(contentsOfFile: output + ending, encoding: .utf8)) ?? ""
    }

    /// The texts as the NULL-ended array that C wants, for the time of the body.
    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
