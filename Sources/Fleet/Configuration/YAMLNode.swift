/// A value of a YAML document. Scalars stay the text that stands there: what they mean is the reader's business.
indirect enum YAMLNode {
    case scalar(String)
    case sequence([YAMLNode])
    /// In the order of the file; no name is there twice.
    case mapping([(name: YAMLNode, value: YAMLNode)])

    /// The text of a scalar.
    var text: String? {
        guard case .scalar(let text) = self else { return nil }
        return text
    }

    /// The texts of a list's scalars; nil for what is no list.
    var texts: [String]? {
        guard case .sequence(let elements) = self else { return nil }
        return elements.compactMap(\.text)
    }

    /// In one line, as YAML's flow style has it.
    var line: String {
        switch self {
        case .scalar(let text): text
        case .sequence(let elements): "[" + elements.map(\.line).joined(separator: ", ") + "]"
        case .mapping(let members):
            "{" + members.map { "\($0.name.line): \($0.value.line)" }.joined(separator: ", ") + "}"
        }
    }
}

/// What is wrong with a YAML document, and where. Never quotes the document: it may hold a password.
struct YAMLFault: Error, Hashable, CustomStringConvertible {
    /// From 1; nil where the place is unknown.
    var line: Int?
    /// From 1.
    var column: Int?
    var problem: String

    var description: String {
        guard let line else { return problem }
        return column.map { "line \(line), column \($0): \(problem)" } ?? "line \(line): \(problem)"
    }
}
