internal import FoundationEssentials

/// The settings as text, gathered from the file and the environment, with every fault found on the way.
///
/// The environment wins over the file, the file over the default. All faults are collected, so that a person mends the
/// file once.
struct ConfigurationSource {
    /// Where a setting's value came from, for messages.
    enum Origin: Hashable, Sendable {
        case standard, file(String), environment(String)
    }

    private(set) var values: [String: [String]] = [:]
    /// What settings of kind ``ConfigurationKey/Kind/section`` hold.
    private(set) var sections: [String: YAMLNode] = [:]
    private(set) var origins: [String: Origin] = [:]
    private(set) var faults: [ConfigurationFault] = []

    init(file: String?, environment: [String: String]) {
        for key in ConfigurationKey.all {
            values[key.name] = key.defaultValue.map { [$0] }
            origins[key.name] = .standard
        }
        if let file { readFile(file) }
        readEnvironment(environment)
        readMisspelt(environment)
    }

    private mutating func readFile(_ path: String) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            return faults.append(.unreadableFile(path))
        }
        do throws(YAMLFault) {
            guard let root = try YAMLDocument.read(text) else { return }
            guard case .mapping = root else {
                return faults.append(.invalidYAML(path, "the top level must be settings, such as `amqp:`"))
            }
            readNode(root, prefix: "", file: path)
        } catch {
            faults.append(.invalidYAML(path, error.description))
        }
    }

    private mutating func readNode(_ node: YAMLNode, prefix: String, file: String) {
        if Self.isSection(prefix) { return readSection(node, name: prefix, from: .file(file)) }
        guard case .mapping(let members) = node else { return readValue(node, name: prefix, file: file) }
        if ConfigurationKey.all.contains(where: { $0.name == prefix && $0.kind == .map }) {
            return readMap(members, name: prefix, file: file)
        }
        for (name, value) in members {
            // What stands where a name belongs may be an address with a password.
            let part = name.text.map(WebAddress.redacted) ?? "?"
            readNode(value, prefix: prefix.isEmpty ? part : prefix + "." + part, file: file)
        }
    }

    private static func isSection(_ name: String) -> Bool {
        ConfigurationKey.all.contains { $0.name == name && $0.kind == .section }
    }

    private mutating func readSection(_ node: YAMLNode, name: String, from origin: Origin) {
        sections[name] = node
        values[name] = [node.line]
        origins[name] = origin
    }

    private mutating func readMap(_ members: [(name: YAMLNode, value: YAMLNode)], name: String, file: String) {
        origins[name] = .file(file)
        values[name] = members.map { "\($0.name.text ?? "?")=\($0.value.text ?? "")" }
    }

    private mutating func readValue(_ node: YAMLNode, name: String, file: String) {
        guard let key = ConfigurationKey.all.first(where: { $0.name == name }) else {
            return faults.append(.unknownKey(name, file: file, suggestion: Self.nearest(to: name)))
        }
        origins[name] = .file(file)
        if let texts = node.texts, !key.kind.isSeveral {
            let shown = key.shown(texts.joined(separator: ", "))
            return faults.append(.wrongValue(key: name, value: "[\(shown)]", origin: file, allowed: key.allowed))
        }
        values[name] = node.texts ?? node.text.map { [$0] } ?? []
    }

    private mutating func readEnvironment(_ environment: [String: String]) {
        for key in ConfigurationKey.all {
            let variable = key.environmentVariable
            if let text = environment[variable] {
                set(key, text, from: variable)
            } else if key.isSecret, let path = environment[variable + "_FILE"] {
                guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                    faults.append(.unreadableSecret(variable + "_FILE", path))
                    continue
                }
                set(key, text.trimmed, from: variable + "_FILE")
            }
        }
    }

    private mutating func set(_ key: ConfigurationKey, _ text: String, from variable: String) {
        if key.kind == .section { return setSection(key, text, from: variable) }
        values[key.name] = key.kind.isSeveral ? text.split(separator: ",").map { String($0).trimmed } : [text]
        origins[key.name] = .environment(variable)
    }

    private mutating func setSection(_ key: ConfigurationKey, _ text: String, from variable: String) {
        do throws(YAMLFault) {
            readSection(try YAMLDocument.read(text) ?? .mapping([]), name: key.name, from: .environment(variable))
        } catch {
            faults.append(.unusable(key: key.name, origin: variable, reason: "it is no YAML: \(error.description)"))
        }
    }

    /// A variable one or two slips away from a setting's is a slip: it would be passed over in silence otherwise.
    private mutating func readMisspelt(_ environment: [String: String]) {
        let variables = ConfigurationKey.all.flatMap { key in
            [key.environmentVariable] + (key.isSecret ? [key.environmentVariable + "_FILE"] : [])
        }
        let unknown = environment.keys.filter { $0.hasPrefix("STEVEDORE_") && !variables.contains($0) }
        for variable in unknown.sorted() {
            guard let meant = Spelling.nearest(to: variable, among: variables, within: 2) else { continue }
            faults.append(.unknownVariable(variable, suggestion: meant))
        }
    }

    private static func nearest(to name: String) -> String? {
        let names = ConfigurationKey.all.map(\.name)
        let last = name.split(separator: ".").last.map(String.init) ?? name
        return Spelling.nearest(to: name, among: names, within: 3) ?? names.first { $0.contains(last) }
    }
}

extension String {
    /// Without white space and line ends around it: editors end a file with a line end, and it is not part of a secret.
    fileprivate var trimmed: String {
        let start = drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }
}
