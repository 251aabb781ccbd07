internal import Dispatch
internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// Starts one program and follows it to its end.
///
/// Children are in the process group of the ``Guardian``, so that Ctrl-C reaches only us and they get exactly one SIGTERM.
enum ChildProcess {
    /// Runs the program; `onLine` gets every line it writes, on a thread of its own. Returns when it has ended and all its
    /// output is read. Nil when it could not be started, or `crew` is stopping.
    static func run(
        _ program: ChildProgram, crew: RunningCrew, guardian: Guardian, onLine: @escaping @Sendable (String) -> Void
    ) async -> ProgramEnd? {
        guard let (process, output) = spawn(program, group: guardian.group()) else { return nil }
        crew.add(process)
        return await withCheckedContinuation { continuation in
            DispatchQueue(label: program.label).async {
                readLines(output, onLine)
                close(output)
                continuation.resume(returning: crew.reap(process))
            }
        }
    }

    private static func spawn(_ program: ChildProgram, group: pid_t) -> (pid_t, Int32)? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        // Or the child after this one would hold our end open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        let environment = ProgramLauncher.environment.merging(program.environment) { $1 }
        var spawning = Spawning(path: program.path, arguments: program.arguments, environment: environment)
        spawning.output = ends[1]
        spawning.group = group
        if let process = spawning.start() { return (process, ends[0]) }
        close(ends[0])
        return nil
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
