/// What goes wrong in the test equipment itself, as opposed to in what it tests.
public enum TestingError: Error, CustomStringConvertible, Equatable {
    /// Something was waited for and did not come.
    case timedOut(String)
    /// A system call was refused.
    case system(operation: String, errno: Int32)
    /// A command ended otherwise than with 0.
    case commandFailed(command: String, status: ExitStatus, output: String)
    /// Something that the tests need is not there; the text says what to do.
    case missing(String)

    /// For people.
    public var description: String {
        switch self {
        case .timedOut(let what): "waited in vain for \(what)"
        case .system(let operation, let code): "\(operation): \(systemMessage(code))"
        case .commandFailed(let command, let status, let output): "\(command) ended with \(status): \(output)"
        case .missing(let what): what
        }
    }
}
