extension FieldVisitor {
    /// One of two text members has to be there, and not both; `sentence` goes on after the first one's name.
    mutating func oneOf(
        _ first: StaticString, _ one: String?, _ second: StaticString, _ other: String?, _ sentence: StaticString
    ) {
        rule(
            "one-of", at: first, of: [first, second], holds: (one == nil) != (other == nil), sentence,
            schema: ["oneOf": [OneOfTwo.only(first, not: second), OneOfTwo.only(second, not: first)]])
    }
}

private enum OneOfTwo {
    static func only(_ name: StaticString, not other: StaticString) -> JSONTree {
        let properties: JSONTree = .object([
            (name.description, ["type": "string"] as JSONTree), (other.description, ["type": "null"] as JSONTree),
        ])
        return ["properties": properties, "required": [.string(name.description)]]
    }
}
