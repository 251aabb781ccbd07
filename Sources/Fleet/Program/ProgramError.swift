public import Ledger
public import RabbitMQ

/// Why a program cannot go on: one sentence, what to do, and the exit code that says it to scripts.
public struct ProgramError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The exit codes of every program, after BSD's sysexits.
    public enum Exit: Int32, Hashable, Sendable {
        case failure = 1
        case usage = 64
        case unavailable = 69
        case configuration = 78
    }

    /// Stable and dotted.
    public var code: String
    /// What is wrong.
    public var sentence: String
    /// What to do about it.
    public var remedy: String
    /// What the process exits with.
    public var exit: Exit

    /// Creates an error.
    public init(code: String, sentence: String, remedy: String, exit: Exit) {
        self.code = code
        self.sentence = sentence
        self.remedy = remedy
        self.exit = exit
    }

    /// The sentence and the remedy.
    public var description: String { remedy.isEmpty ? sentence : "\(sentence)\n\(remedy)" }
}

extension ProgramError {
    /// A broker error that a person must mend.
    public init(_ error: BrokerError) {
        let exit: Exit =
            switch error {
            case .unreachable, .connectionLost, .timedOut, .connectionClosed, .channelClosed, .exhausted: .unavailable
            case .stopped: .failure
            default: .configuration
            }
        self.init(code: error.code, sentence: error.sentence, remedy: Self.remedy(error), exit: exit)
    }

    /// What a worker mends by itself, a program that ends does not.
    private static func remedy(_ error: BrokerError) -> String {
        switch error {
        case .connectionLost, .connectionClosed, .channelClosed, .timedOut:
            "Look at the broker, its log and the network, then run it again."
        case .notFound: "Run `stevedore topology apply`, which creates what is missing."
        default: error.remedy
        }
    }

    /// A ledger that cannot be used.
    public init(_ error: LedgerError) {
        self.init(
            code: error.code, sentence: error.sentence, remedy: Self.remedy(error),
            exit: error.isBusy ? .unavailable : .configuration)
    }

    private static func remedy(_ error: LedgerError) -> String {
        guard error.isBusy else { return error.remedy }
        return "Look for a program that holds the file open in a long transaction, then run it again."
    }

    /// What nobody foresaw.
    package static func unexpected(_ error: any Error) -> ProgramError {
        ProgramError(
            code: "unexpected", sentence: "\(error)",
            remedy: "Try again; if it stays, report it with the command and this sentence.", exit: .failure)
    }

    /// A wrong configuration.
    public init(_ error: ConfigurationError) {
        self.init(
            code: "configuration", sentence: error.description,
            remedy: "`stevedore config check` shows every setting and where it comes from.", exit: .configuration)
    }
}

extension LedgerError {
    /// Only other writers are in the way.
    var isBusy: Bool {
        if case .busy = self { return true }
        return false
    }
}
