/// One thing wrong with the configuration, naming the setting, where it stands, and what is allowed.
public enum ConfigurationFault: Hashable, Sendable, CustomStringConvertible {
    case unreadableFile(String)
    case invalidYAML(String, String)
    case unknownKey(String, file: String, suggestion: String?)
    case unknownVariable(String, suggestion: String)
    case wrongValue(key: String, value: String, origin: String, allowed: String)
    /// A value that another part of the program cannot use, with the reason; the value itself may be a secret.
    case unusable(key: String, origin: String, reason: String)
    case missing(key: String, variable: String)
    case unreadableSecret(String, String)

    /// Whether nothing of the file could be read.
    package var isOfWholeFile: Bool {
        switch self {
        case .unreadableFile, .invalidYAML: true
        default: false
        }
    }

    /// One sentence.
    public var description: String {
        switch self {
        case .unreadableFile(let path): "\(path): the configuration file cannot be read"
        case .invalidYAML(let path, let reason): "\(path): not valid YAML: \(reason)"
        case .unknownKey(let key, let file, let suggestion):
            "\(file): there is no setting `\(key)`" + (suggestion.map { "; did you mean `\($0)`?" } ?? "")
        case .unknownVariable(let variable, let suggestion):
            "environment: there is no variable \(variable); did you mean \(suggestion)?"
        case .wrongValue(let key, let value, let origin, let allowed):
            "\(origin): `\(key)` is `\(value)`, but must be \(allowed)"
        case .unusable(let key, let origin, let reason): "\(origin): `\(key)`: \(reason)"
        case .missing(let key, let variable): "`\(key)` is missing; set it in the file or as \(variable)"
        case .unreadableSecret(let variable, let path): "\(variable): the file \(path) cannot be read"
        }
    }
}

/// The configuration is wrong: everything that is wrong with it, at once. Programs exit with 78.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one.
    public var faults: [ConfigurationFault]

    /// One line for each fault.
    public var description: String { faults.map(\.description).joined(separator: "\n") }
}
