/// What is wrong at one place inside a setting of several levels.
struct SettingFault: Hashable, Sendable {
    var place: String
    var reason: String

    init(_ place: String, _ reason: String) {
        self.place = place
        self.reason = reason
    }

    /// The same, with the name of the rule that the place is in.
    func of(rule name: String) -> SettingFault {
        name.isEmpty ? self : SettingFault(place, "(rule `\(Self.shown(name))`) \(reason)")
    }

    /// A value as it may be quoted: an address may hold a password, and nobody reads a page.
    static func shown(_ text: String) -> String {
        InertText.cut(text.contains("://") ? WebAddress.redacted(text) : text, to: 60)
    }
}

/// Named members of a setting of several levels, read with every fault kept.
struct SettingSection {
    let place: String
    private(set) var faults: [SettingFault] = []
    private let members: [String: YAMLNode]?

    /// `form` says what it must be when it is no such thing at all.
    init(_ node: YAMLNode, at place: String, members known: [String], form: String) {
        self.place = place
        guard case .mapping(let pairs) = node else {
            members = nil
            faults.append(SettingFault(place, form))
            return
        }
        var members: [String: YAMLNode] = [:]
        for (name, value) in pairs { members[name.text ?? "?"] = value }
        self.members = members
        for name in members.keys.sorted() where !known.contains(name) { faultUnknown(name, known) }
    }

    /// Whether it has members at all.
    var isThere: Bool { members != nil }

    func has(_ name: String) -> Bool { members?[name] != nil }

    mutating func fault(_ name: String, _ reason: String) {
        faults.append(SettingFault("\(place).\(name)", reason))
    }

    /// Takes over what is wrong with a section inside.
    mutating func take(_ inner: SettingSection) { faults += inner.faults }

    private mutating func faultUnknown(_ name: String, _ known: [String]) {
        let meant = Spelling.nearest(to: name, among: known, within: 3).map { "; did you mean `\($0)`?" }
        let reason = "there is no such setting" + (meant ?? "; there are \(known.joined(separator: ", "))")
        fault(SettingFault.shown(name), reason)
    }

    // MARK: - Values

    /// One text that is not empty.
    mutating func text(_ name: String) -> String? {
        guard let node = members?[name] else { return nil }
        guard let text = node.text, !text.isEmpty else {
            fault(name, "must be a text")
            return nil
        }
        return text
    }

    /// One text or several, at least one: a condition that lists nothing would be none.
    mutating func texts(_ name: String) -> [String] {
        guard let node = members?[name] else { return [] }
        let texts = self.texts(in: node)
        if texts.isEmpty || texts.contains("") { fault(name, "must be a text, or a list of texts") }
        return texts.filter { !$0.isEmpty }
    }

    /// An empty text stands for what is none.
    private func texts(in node: YAMLNode) -> [String] {
        switch node {
        case .scalar(let text): [text]
        case .sequence(let elements): elements.map { $0.text ?? "" }
        case .mapping: []
        }
    }

    /// Texts that must be among these.
    mutating func words(_ name: String, of allowed: [String]) -> [String] {
        var words: [String] = []
        for text in texts(name) {
            if let word = word(name, text, of: allowed) { words.append(word) }
        }
        return words
    }

    /// The text, when it is among these.
    mutating func word(_ name: String, _ text: String, of allowed: [String]) -> String? {
        guard !allowed.contains(text) else { return text }
        let shown = SettingFault.shown(text)
        fault(name, "is `\(shown)`, but must be one of \(allowed.joined(separator: ", "))")
        return nil
    }

    /// `true` or `false`, in the words that YAML has for them.
    mutating func flag(_ name: String) -> Bool? {
        guard let text = text(name) else { return nil }
        if ["true", "yes", "on"].contains(text.lowercased()) { return true }
        if ["false", "no", "off"].contains(text.lowercased()) { return false }
        fault(name, "is `\(SettingFault.shown(text))`, but must be true or false")
        return nil
    }

    mutating func duration(_ name: String, within bounds: ClosedRange<Duration>) -> Duration? {
        guard let text = text(name) else { return nil }
        guard let duration = Duration(configured: text), bounds.contains(duration) else {
            let (least, most) = (Self.shown(bounds.lowerBound), Self.shown(bounds.upperBound))
            let allowed = "a number with a unit such as 30s, 5m or 2h, from \(least) to \(most)"
            fault(name, "is `\(SettingFault.shown(text))`, but must be \(allowed)")
            return nil
        }
        return duration
    }

    private static func shown(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        if seconds >= 3_600 { return "\(seconds / 3_600)h" }
        return seconds >= 60 ? "\(seconds / 60)m" : "\(seconds)s"
    }

    /// A section inside; nil when it is not there.
    func section(_ name: String, members known: [String], form: String) -> SettingSection? {
        members?[name].map { SettingSection($0, at: "\(place).\(name)", members: known, form: form) }
    }
}
