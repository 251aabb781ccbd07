internal import Fleet
internal import FoundationEssentials
internal import Synchronization
#if canImport(Glibc)
    internal import Glibc
#endif

/// One program of a rehearsal, in the process group of the ``Guardian``, with its words in a log file. Its number is signalled
/// only while it is certainly still ours: reaping and signalling exclude each other.
final class RehearsedProgram: Sendable {
    let label: String
    let process: pid_t
    private let log: String
    private let end = Mutex<ProgramEnd?>(nil)

    /// - Parameter environment: All of it; nothing is inherited.
    init(
        _ label: String, path: String, arguments: [String], environment: [String: String], log: String,
        guardian: Guardian
    ) throws(ProgramError) {
        let descriptor = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw RehearsalError.notStarted(label, []) }
        defer { close(descriptor) }
        var spawning = Spawning(path: path, arguments: arguments, environment: environment)
        spawning.output = descriptor
        spawning.group = guardian.group()
        guard let process = spawning.start() else { throw RehearsalError.notStarted(label, []) }
        (self.label, self.process, self.log) = (label, process, log)
    }

    /// How it ended; nil while it runs.
    var ended: ProgramEnd? {
        end.withLock { end in
            var status: Int32 = 0
            guard end == nil, waitpid(process, &status, WNOHANG) == process else { return end }
            let signal = status & 0x7F
            end = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal)
            return end
        }
    }

    func signal(_ number: Int32) {
        end.withLock { end in
            if end == nil { Glibc.kill(process, number) }
        }
    }

    /// `kill -9`; returns when it is gone.
    func kill() async {
        signal(SIGKILL)
        while ended == nil, await Self.pause() {}
    }

    /// Asks it to end; after `grace` it is killed. True when it ended by itself.
    @discardableResult
    func stop(within grace: Duration) async -> Bool {
        signal(SIGTERM)
        let deadline = ContinuousClock.now + grace
        while ended == nil, ContinuousClock.now < deadline, await Self.pause() {}
        guard ended == nil else { return true }
        await kill()
        return false
    }

    private static func pause() async -> Bool {
        // Also after a cancellation: a program that is not waited for would stay.
        _ = await Task { try? await Task.sleep(for: .milliseconds(20)) }.value
        return true
    }

    // MARK: - What it says

    /// What follows `sign` on the newest line that begins with it.
    func said(after sign: String) -> String? {
        words.last { $0.hasPrefix(sign) }.map { String($0.dropFirst(sign.count)) }
    }

    /// Its last lines.
    var lastWords: [String] { words.suffix(8).map { InertText.line($0) } }

    private var words: [String] {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.suffix(64 * 1_024).split(separator: "\n").map(String.init)
    }
}
