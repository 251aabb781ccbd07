internal import Dispatch
internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// Starts one program and follows it to its end.
///
/// The child has a process group of its own, so that Ctrl-C reaches only us and children get exactly one SIGTERM; its
/// signals are reset to what a fresh program expects.
enum ChildProcess {
    /// Runs the program; `onLine` gets every line it writes, on a thread of its own. Returns when it has ended and all its
    /// output is read. Nil when it could not be started, or `crew` is stopping.
    static func run(
        _ program: ChildProgram, crew: RunningCrew, onLine: @escaping @Sendable (String) -> Void
    ) async -> ProgramEnd? {
        guard let (process, output) = spawn(program) else { return nil }
        crew.add(process)
        return await withCheckedContinuation { continuation in
            DispatchQueue(label: program.label).async {
                readLines(output, onLine)
                close(output)
                continuation.resume(returning: crew.reap(process))
            }
        }
    }

    private static func spawn(_ program: ChildProgram) -> (pid_t, Int32)? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        // Or the child after this one would hold our end open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
        var process: pid_t = 0
        let environment = ProgramLauncher.environment.merging(program.environment) { $1 }.map { "\($0)=\($1)" }
        let status = withAttributes { attributes in
            withCStrings([program.path] + program.arguments) { arguments in
                withCStrings(environment) { environment in
                    posix_spawn(&process, program.path, &actions, attributes, arguments, environment)
                }
            }
        }
        if status == 0 { return (process, ends[0]) }
        close(ends[0])
        return nil
    }

    private static func withAttributes<Result>(_ body: (UnsafePointer<posix_spawnattr_t>) -> Result) -> Result {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGINT, SIGTERM, SIGPIPE, SIGHUP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        return withUnsafePointer(to: attributes, body)
    }

    /// The texts as the NULL-ended array that C wants, for the time of the body.
    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }

    private static func readLines(_ descriptor: Int32, _ onLine: (String) -> Void) {
        var splitter = LineSplitter(limit: 1 << 20)
        var buffer = [UInt8](repeating: 0, count: 16 * 1_024)
        func tell(_ lines: [LineSplitter.Line]) {
            for case .text(_, let bytes) in lines { onLine(String(decoding: bytes, as: UTF8.self)) }
        }
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            tell(splitter.feed(buffer[..<count]))
        }
        tell(splitter.finish().map { [$0] } ?? [])
    }
}
