import Glibc
import Synchronization

/// Starts a program with its own standard streams and default signal handling.
func launch(
    path: String, arguments: [String], environment: [String: String], output: Int32, errors: Int32
) throws(TestingError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A test runner may ignore or block signals; a program under test must get them all.
    var every = sigset_t()
    var none = sigset_t()
    sigfillset(&every)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &every)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    var arguments: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
        inheritedEnvironment().merging(environment) { $1 }.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + variables { free(text) } }

    var pid: pid_t = 0
    let code = descriptorLock.withLock { _ in
        markStrayDescriptors()
        return posix_spawn(&pid, path, &actions, &attributes, &arguments, &variables)
    }
    guard code == 0 else { throw .system(operation: "start of \(path)", errno: code) }
    return pid
}

/// Nothing that is open now must live on in a child: not what the test runner was started with, a caller's lock for
/// example, and not a socket of another test, whose end the other side would then never see.
private func markStrayDescriptors() {
    for descriptor in Int32(3)..<1024 { mark(descriptor) }
}

/// This process's environment, read from where it was handed over: `environ` may be changed by others meanwhile.
func inheritedEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    for entry in (contents(ofFile: "/proc/self/environ") ?? "").split(separator: "\0") {
        guard let equals = entry.firstIndex(of: "=") else { continue }
        variables[String(entry[..<equals])] = String(entry[entry.index(after: equals)...])
    }
    return variables
}

/// A small file's text, or nil when it cannot be read.
func contents(ofFile path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while let count = readSome(descriptor, into: &buffer), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
}
