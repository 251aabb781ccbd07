/// A JSON document that is read to be changed: numbers and strings keep the text they had, and members their order, so
/// that what nobody touches comes out as it went in.
enum JSONTree: Sendable {
    case object([Member])
    case array([JSONTree])
    case string(JSONString)
    /// As it is written: `12.50`, `1e400`.
    case number(String)
    case boolean(Bool)
    case null

    /// One member of an object.
    struct Member: Sendable {
        var name: JSONString
        var value: JSONTree
    }

    /// The deepest nesting of arrays and objects that are not empty; messages may not go deeper either.
    static let deepest = 64

    /// The object's member; nil when there is none, or this is no object.
    subscript(name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.says(name) }?.value
    }

    /// This object with `value` at `name`: in the place of a member of that name, or at the end. Anything else stays as
    /// it is.
    func setting(_ name: String, _ value: JSONTree) -> JSONTree {
        guard case .object(var members) = self else { return self }
        if let index = members.firstIndex(where: { $0.name.says(name) }) {
            members[index].value = value
        } else {
            members.append(Member(name: JSONString(name), value: value))
        }
        return .object(members)
    }

    /// How many arrays and objects that are not empty lie in each other.
    var depth: Int {
        switch self {
        case .object(let members) where !members.isEmpty: 1 + (members.map(\.value.depth).max() ?? 0)
        case .array(let elements) where !elements.isEmpty: 1 + (elements.map(\.depth).max() ?? 0)
        default: 0
        }
    }
}

extension JSONTree {
    /// Whether both say the same, as RFC 6902 has it: numbers by their value, strings by their characters, members in
    /// any order.
    func says(_ other: JSONTree) -> Bool { isEqual(other) { DecimalValue.areEqual($0, $1) } }

    /// The same, but a number that is written otherwise is another one.
    func isWritten(as other: JSONTree) -> Bool { isEqual(other) { $0.utf8.elementsEqual($1.utf8) } }

    private func isEqual(_ other: JSONTree, _ areSame: (String, String) -> Bool) -> Bool {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            left.count == right.count
                && zip(Self.sorted(left), Self.sorted(right)).allSatisfy {
                    $0.name.says($1.name.value) && $0.value.isEqual($1.value, areSame)
                }
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isEqual($1, areSame) }
        case (.string(let left), .string(let right)): left.says(right.value)
        case (.number(let left), .number(let right)): areSame(left, right)
        case (.boolean(let left), .boolean(let right)): left == right
        case (.null, .null): true
        default: false
        }
    }

    private static func sorted(_ members: [Member]) -> [Member] {
        members.sorted { $0.name.value.utf8.lexicographicallyPrecedes($1.name.value.utf8) }
    }
}
