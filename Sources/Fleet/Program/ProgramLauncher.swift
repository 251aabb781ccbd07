#if canImport(Glibc)
    internal import Glibc
#endif
public import Logging

/// What every program does around its own work: settings, log, and an end with a sentence and the right exit code.
public enum ProgramLauncher {
    /// The process's environment.
    public static var environment: [String: String] {
        var result: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return result
    }

    /// Reads the settings, or says what is wrong with them.
    public static func configuration(file: String?) throws(ProgramError) -> Configuration {
        do throws(ConfigurationError) {
            return try Configuration(file: file, environment: environment)
        } catch {
            throw ProgramError(error)
        }
    }

    /// A logger to standard error in the configured format.
    public static func logger(_ name: String, _ configuration: Configuration) -> Logger {
        let format = LineLogHandler.Format(rawValue: configuration.logFormat) ?? .logfmt
        let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
        return Logger(label: name) { LineLogHandler(label: $0, format: format, level: level) }
    }

    /// Runs a worker program until it is asked to stop, also while `build` still waits for what the program needs; ends the
    /// process as ``run(_:_:)`` does.
    public static func serve(_ name: String, _ build: () async throws(ProgramError) -> FleetProcess) async -> Never {
        await run(name) { () throws(ProgramError) in
            try DescriptorLimit.raise()
            let start = await StartWatch()
            try await build().run { start.end() }
        }
    }

    /// Runs `work` and ends the process; on a failure prints its sentence and remedy to standard error and exits with its
    /// code.
    public static func run(_ name: String, _ work: () async throws(ProgramError) -> Void) async -> Never {
        // A closed pipe is an error of the write that meets it, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do throws(ProgramError) {
            try await work()
        } catch {
            // Sentences quote messages and the ERP, which must not drive a terminal.
            let lines = "\(name): \(error)".split(separator: "\n", omittingEmptySubsequences: false)
            let text = lines.map { InertText.line(String($0)) + "\n" }.joined()
            _ = text.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
            ImmediateExit.afterPrinting(error.exit.rawValue)
        }
        ImmediateExit.afterPrinting(0)
    }
}
