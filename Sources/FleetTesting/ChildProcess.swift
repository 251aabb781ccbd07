import Glibc
import Synchronization

/// A process under test: started from a built product, its output captured by line, always reaped.
///
/// All methods may be called from anywhere. When the last reference goes, the process is killed with `SIGKILL`, so that
/// a failed test leaves nothing behind; ``with(_:arguments:environment:_:)`` makes that scope visible.
public final class ChildProcess: Sendable {
    /// The system's number of the process. Not to be signalled directly: it may be another's once this one has ended.
    public let processIdentifier: Int32
    private let record: Record

    /// Starts a product of this package by name, or any program by its path.
    ///
    /// - Parameters:
    ///   - program: A product's name, or a path when it holds a slash.
    ///   - environment: Added to the test's own environment, in whose place it stands where names meet.
    public init(
        _ program: String, arguments: [String] = [], environment: [String: String] = [:]
    ) throws(TestingError) {
        let path = program.contains("/") ? program : try BuiltProducts.executable(program)
        let output = try makePipe()
        let errors = try makePipe()
        defer {
            close(output.write)
            close(errors.write)
        }
        let launched = Result { () throws(TestingError) in
            try launch(
                path: path, arguments: arguments, environment: environment, output: output.write, errors: errors.write)
        }
        guard case .success(let pid) = launched else {
            close(output.read)
            close(errors.read)
            throw launched.failure ?? .missing(path)
        }
        let record = Record(pid: pid)
        processIdentifier = pid
        self.record = record
        try startThread { record.collect(output: output.read, errors: errors.read) }
        try startThread { record.awaitEnd() }
    }

    deinit { record.send(SIGKILL) }

    /// Runs a process for the time of the body; then it is killed and reaped, however the body ends.
    public static func with<Result>(
        _ program: String, arguments: [String] = [], environment: [String: String] = [:],
        isolation: isolated (any Actor)? = #isolation, _ body: (ChildProcess) async throws -> Result
    ) async throws -> Result {
        let child = try ChildProcess(program, arguments: arguments, environment: environment)
        do {
            let result = try await body(child)
            try await child.kill()
            return result
        } catch {
            try await child.kill()
            throw error
        }
    }

    /// Runs a program to its end and returns what it wrote to standard output; anything but exit code 0 is an error.
    @discardableResult
    public static func run(
        _ program: String, arguments: [String] = [], environment: [String: String] = [:],
        within limit: Duration = .seconds(60)
    ) async throws -> String {
        let child = try ChildProcess(program, arguments: arguments, environment: environment)
        let status = try await child.waitForExit(within: limit)
        guard status == .exited(0) else {
            let command = ([program] + arguments).joined(separator: " ")
            throw TestingError.commandFailed(
                command: command, status: status, output: (child.output + child.errors).joined(separator: " | "))
        }
        return child.output.joined(separator: "\n")
    }

    /// The lines of standard output so far.
    public var output: [String] { record.state.withLock { $0.output.lines } }

    /// The lines of standard error so far.
    public var errors: [String] { record.state.withLock { $0.errors.lines } }

    /// How it ended, or nil while it runs.
    public var status: ExitStatus? { record.state.withLock { $0.status } }

    /// Whether it has not ended. A stopped process (`SIGSTOP`) runs.
    public var isRunning: Bool { status == nil }

    /// Sends a signal; nothing happens when the process has ended.
    public func signal(_ number: Int32) { record.send(number) }

    /// `SIGTERM`: asks it to end.
    public func terminate() { signal(SIGTERM) }

    /// `SIGSTOP`: nothing of it runs from the return until ``resume()``; its sockets stay open. On a busy machine its
    /// threads take a moment to stop, in which they would go on working.
    public func suspend() {
        signal(SIGSTOP)
        let deadline = ContinuousClock.now + .seconds(10)
        while isRunning, !ThreadStates.allStopped(of: processIdentifier), ContinuousClock.now < deadline { usleep(500) }
    }

    /// `SIGCONT`.
    public func resume() { signal(SIGCONT) }

    /// `SIGKILL`, and waits until the process is gone.
    public func kill() async throws {
        signal(SIGKILL)
        try await waitForExit(within: .seconds(30))
    }

    /// Waits for the end of the process and of its output.
    @discardableResult
    public func waitForExit(within limit: Duration = .seconds(30)) async throws -> ExitStatus {
        try await eventually(within: limit, "the end of process \(processIdentifier); \(tail)") {
            hasEnded ? status : nil
        }
    }

    /// Waits for the first line, on either stream, that holds the text; it may have been written before the call.
    @discardableResult
    public func waitForLine(containing text: String, within limit: Duration = .seconds(30)) async throws -> String {
        try await waitForLine(within: limit, "a line with '\(text)'") { $0.contains(text) }
    }

    /// Waits for the first line, on either stream, that fits; not longer than the process lives.
    @discardableResult
    public func waitForLine(
        within limit: Duration = .seconds(30), _ what: String = "a line", _ fits: (String) -> Bool
    ) async throws -> String {
        let line = try await eventually(within: limit, "\(what) of process \(processIdentifier); \(tail)") {
            () -> String?? in
            let hasEnded = hasEnded
            if let line = (output + errors).first(where: fits) { return line }
            return hasEnded ? .some(nil) : nil
        }
        guard let line else {
            throw TestingError.missing(
                "\(what) of process \(processIdentifier): it ended with \(status, default: "?"); \(tail)")
        }
        return line
    }

    /// Whether the process is gone and all that it wrote is read.
    private var hasEnded: Bool { record.state.withLock { $0.ended } }

    /// Resident memory in bytes, or nil when the process has ended.
    public var residentMemory: Int? {
        guard isRunning, let text = contents(ofFile: "/proc/\(processIdentifier)/statm") else { return nil }
        let fields = text.split(separator: " ")
        return fields.count > 1 ? Int(fields[1]).map { $0 * Int(getpagesize()) } : nil
    }

    private var tail: String {
        "its last lines: " + (output.suffix(3) + errors.suffix(12)).joined(separator: " | ")
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
