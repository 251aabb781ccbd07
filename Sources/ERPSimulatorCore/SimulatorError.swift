/// Why the simulator can not start or go on.
public enum SimulatorError: Error, Hashable, Sendable {
    /// The file of the books, and why it can not be used.
    case books(String, String)
    /// The address, and why it can not be listened on.
    case address(String, String)
    /// A fault that makes no sense.
    case invalidFault(String)
    /// A flag that makes no sense.
    case invalidFlag(String)

    /// Stable and dotted.
    public var code: String {
        switch self {
        case .books: "simulator.books"
        case .address: "simulator.address"
        case .invalidFault: "simulator.invalid-fault"
        case .invalidFlag: "simulator.invalid-flag"
        }
    }

    /// What happened.
    public var sentence: String {
        switch self {
        case .books("", let why): "The books can not be used: \(why)."
        case .books(let path, let why): "The books in \(path) can not be used: \(why)."
        case .address(let address, let why): "The simulator can not listen on \(address): \(why)."
        case .invalidFault(let why): "The fault makes no sense: \(why)."
        case .invalidFlag(let why): "A flag makes no sense: \(why)."
        }
    }

    /// What to do about it.
    public var remedy: String {
        switch self {
        case .books: "Check that the folder exists and is writable, or name another file with --database."
        case .address: "Stop what listens there, or choose another port; --port 0 takes any free one."
        case .invalidFault: "See erp-simulator --help for the kinds of fault and their settings."
        case .invalidFlag: "See erp-simulator --help."
        }
    }
}
