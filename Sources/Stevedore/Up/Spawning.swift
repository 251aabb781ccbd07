#if canImport(Glibc)
    internal import Glibc
#endif

/// Starts a program in a process group of our choice, so that Ctrl-C reaches only us, with its signals reset to what a
/// fresh program expects.
struct Spawning {
    var path: String
    var arguments: [String]
    var environment: [String: String]
    /// What the program reads; nothing unless given.
    var input: Int32?
    /// Where both its streams go; ours unless given.
    var output: Int32?
    /// The process group to join; 0 makes a new one.
    var group: pid_t = 0

    /// The process; nil when it could not be started.
    func start() -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        if let output {
            for stream in [STDOUT_FILENO, STDERR_FILENO] { posix_spawn_file_actions_adddup2(&actions, output, stream) }
        }
        var process: pid_t = 0
        let variables = environment.map { "\($0)=\($1)" }
        let status = withAttributes { attributes in
            Self.withCStrings([path] + arguments) { arguments in
                Self.withCStrings(variables) { variables in
                    posix_spawn(&process, path, &actions, attributes, arguments, variables)
                }
            }
        }
        return status == 0 ? process : nil
    }

    private func withAttributes<Result>(_ body: (UnsafePointer<posix_spawnattr_t>) -> Result) -> Result {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGINT, SIGTERM, SIGPIPE, SIGHUP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, group)
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
}
