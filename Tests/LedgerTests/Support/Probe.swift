import Glibc

/// A running `LedgerCrashProbe`, the program that tests kill.
final class Probe {
    let id: pid_t
    private let output: Int32
    private let input: Int32
    private var pending: [UInt8] = []

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
        output = fromChild[0]
        self.id = id
        if status != 0 { throw Missing(program: Self.program) }
    }

    deinit {
        close(input)
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
    func line() -> String? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pending.removeFirst(end + 1) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = chunk.withUnsafeMutableBytes { read(output, $0.baseAddress, $0.count) }
            if count <= 0 { return nil }
            pending += chunk.prefix(count)
        }
    }

    func say(_ text: String) {
        _ = Array((text + "\n").utf8).withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
    }

    func send(_ signal: Int32) { kill(id, signal) }

    /// Waits until the probe has been stopped by a signal.
    func waitUntilStopped() {
        var status: Int32 = 0
        waitpid(id, &status, WUNTRACED)
    }

    /// Waits until the probe is gone; returns the signal that killed it, 0 when it ended by itself.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        waitpid(id, &status, 0)
        return status & 0x7F
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
