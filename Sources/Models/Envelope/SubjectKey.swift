/// The subject of an object that several keys name together: the keys with a slash between them. A slash within a key is
/// written `~1`, and a tilde `~0`, as in a JSON pointer (RFC 6901), so that no two objects share a subject.
public enum SubjectKey {
    /// The subject of these keys, in their order.
    public static func joined(_ keys: String...) -> String { joined(keys) }

    static func joined(_ keys: [String]) -> String {
        keys.map(PathStep.escaped).joined(separator: "/")
    }
}
