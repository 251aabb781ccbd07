package import RabbitMQ

extension JSONValue {
    /// A field table of the broker.
    package init(_ table: FieldTable) {
        self = .object(table.entries.map { Member(name: $0.name, value: JSONValue($0.value)) })
    }

    /// A value of a field table; what JSON has no form for becomes text.
    package init(_ value: FieldValue) {
        switch value {
        case .boolean(let value): self = .boolean(value)
        case .string(let text): self = .string(text)
        case .array(let values): self = .array(values.map { JSONValue($0) })
        case .table(let table): self = JSONValue(table)
        case .void: self = .null
        case .float(let value): self = .string("\(value)")
        case .double(let value): self = .string("\(value)")
        case .decimal(let scale, let value): self = .string("\(value)e-\(scale)")
        case .bytes(let bytes): self = .string(String(decoding: bytes, as: UTF8.self))
        default: self = value.integer.map { .integer($0) } ?? .null
        }
    }
}
