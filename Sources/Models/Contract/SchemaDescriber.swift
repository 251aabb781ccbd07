/// Describes an object's fields as JSON Schema 2020-12.
struct SchemaDescriber: FieldVisitor {
    private(set) var definitions: SchemaDefinitions
    private var properties: [(String, JSONTree)] = []
    private var required: [JSONTree] = []
    private var rules: [JSONTree] = []

    init(_ definitions: SchemaDefinitions) {
        self.definitions = definitions
    }

    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value, _ rule: Value.Rule, _ summary: StaticString
    ) {
        let schema = Value.schema(rule, in: &definitions)
        let isRequired = Value.absent(rule) == nil
        if isRequired { required.append(.string(name.description)) }
        add(name, isRequired ? schema : schema.orNull, summary)
    }

    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value?, _ rule: Value.Rule, _ summary: StaticString
    ) {
        add(name, Value.schema(rule, in: &definitions).orNull, summary)
    }

    mutating func rule(
        _ name: StaticString, at field: StaticString, of fields: @autoclosure () -> [StaticString],
        holds: @autoclosure () -> Bool, _ sentence: StaticString, schema: @autoclosure () -> JSONTree
    ) {
        rules.append(schema())
    }

    /// The schema of the object whose fields were visited.
    func schema(summary: String) -> JSONTree {
        var members: [(String, JSONTree)] = [
            ("description", .string(summary)), ("type", "object"), ("properties", .object(properties)),
        ]
        if !required.isEmpty { members.append(("required", .array(required))) }
        if !rules.isEmpty { members.append(("allOf", .array(rules))) }
        return .object(members)
    }

    private mutating func add(_ name: StaticString, _ schema: JSONTree, _ summary: StaticString) {
        let text: String = [summary.description, schema["description"].flatMap(\.stringValue)]
            .compactMap { $0 }.joined(separator: " ")
        properties.append((name.description, schema.setting("description", .string(text))))
    }
}

extension JSONTree {
    /// The text, if this is one.
    var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A schema that accepts null too: a member that may be missing may as well say so.
    var orNull: JSONTree {
        if case .string = self["type"] { return setting("type", .array([self["type"] ?? .null, "null"])) }
        if case .array(let choices) = self["enum"] { return setting("enum", .array(choices + [.null])) }
        return ["anyOf": [self, ["type": "null"]]]
    }
}
