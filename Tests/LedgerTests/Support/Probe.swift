import Glibc

@testable import Ledger

/// A running `LedgerCrashProbe`, the program that tests kill.
///
/// Nothing here blocks one of the few threads that all tests share, and nothing waits for ever: a probe that says nothing
/// for a minute, or does not end, is killed.
final class Probe: Sendable {
    let id: pid_t
    private let input: Int32
    private let lines: AsyncStream<String>
    private static let patience = Duration.seconds(60)

    init(_ arguments: String...) throws {
        var toChild: [Int32] = [0, 0]
        var fromChild: [Int32] = [0, 0]
        pipe(&toChild)
        pipe(&fromChild)
        // A child must not hold the other children's pipes open, or their ends are never seen.
        for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], STDOUT_FILENO)
        var words = ([Self.program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        let status = posix_spawn(&id, Self.program, &actions, nil, &words, environ)
        close(toChild[0])
        close(fromChild[1])
        input = toChild[1]
        self.id = id
        let (stream, continuation) = AsyncStream<String>.makeStream()
        lines = stream
        let (output, child) = (fromChild[0], id)
        // A probe that is gone is noticed by its silence.
        signal(SIGPIPE, SIG_IGN)
        if status != 0 { throw Missing(program: Self.program) }
        try startThread(for: "probe") { Self.read(output, of: child, into: continuation) }
    }

    deinit { close(input) }

    /// The body of a thread: hands out whole lines until the probe has said its last.
    private static func read(_ output: Int32, of child: pid_t, into lines: AsyncStream<String>.Continuation) {
        var pending: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            if poll(&ready, 1, Int32(patience / .milliseconds(1))) == 0 { kill(child, SIGKILL) }
            let count = chunk.withUnsafeMutableBytes { Glibc.read(output, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            pending += chunk.prefix(count)
            while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                lines.yield(String(decoding: pending[..<end], as: UTF8.self))
                pending.removeFirst(end + 1)
            }
        }
        lines.finish()
        close(output)
    }

    struct Missing: Error { let program: String }

    /// The probe lies beside the program that runs the tests.
    private static var program: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let own = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return (own.split(separator: "/").dropLast().map { "/\($0)" } + ["/LedgerCrashProbe"]).joined()
    }

    /// The next whole line; nil when the probe has said its last.
    func line() async -> String? {
        for await line in lines { return line }
        return nil
    }

    func say(_ text: String) {
        _ = Array((text + "\n").utf8).withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
    }

    func send(_ signal: Int32) { kill(id, signal) }

    /// Waits until the probe has been stopped by a signal.
    func waitUntilStopped() async { _ = await status(WUNTRACED) }

    /// Waits until the probe is gone; returns the signal that killed it, 0 when it ended by itself.
    @discardableResult
    func wait() async -> Int32 { await status(0) & 0x7F }

    private static func status(of child: pid_t, _ options: Int32) -> Int32 {
        let deadline = ContinuousClock.now + patience
        var status: Int32 = 0
        while waitpid(child, &status, options | WNOHANG) == 0 {
            if ContinuousClock.now > deadline { kill(child, SIGKILL) }
            usleep(1_000)
        }
        return status
    }

    private func status(_ options: Int32) async -> Int32 {
        await withCheckedContinuation { continuation in
            let child = id
            do {
                try startThread(for: "probe") { continuation.resume(returning: Self.status(of: child, options)) }
            } catch {
                continuation.resume(returning: -1)
            }
        }
    }
}

/// Numbers that come again with the same seed, for failures that must be repeatable.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
