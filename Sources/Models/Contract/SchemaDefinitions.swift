/// The `$defs` of one schema: each shape once, in the order in which they were first met.
struct SchemaDefinitions {
    private(set) var members: [(String, JSONTree)] = []

    /// A `$ref` to the definition `name`, made on first use.
    mutating func reference(_ name: String, make: (inout SchemaDefinitions) -> JSONTree) -> JSONTree {
        if !members.contains(where: { $0.0 == name }) {
            let index = members.count
            members.append((name, .null))
            members[index].1 = make(&self)
        }
        return ["$ref": .string("#/$defs/\(name)")]
    }

    /// A `$ref` to a list of codes.
    mutating func codes(_ name: String, _ codes: [String], _ summary: String) -> JSONTree {
        reference(name) { _ in
            ["description": .string(summary), "enum": .array(codes.map { .string($0) })]
        }
    }
}
