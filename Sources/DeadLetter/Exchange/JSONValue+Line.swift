internal import Fleet

extension JSONValue {
    /// The value on one line, read strictly; whole numbers only, because the format has no others.
    init(line bytes: [UInt8]) throws(LineFault) {
        do throws(JSONFault) {
            try self.init(JSONTree(parsing: bytes))
        } catch {
            throw LineFault("It is not JSON: \(error.reason).")
        }
    }

    private init(_ tree: JSONTree) throws(JSONFault) {
        switch tree {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .string(let text): self = .string(text.value)
        case .number(let text):
            guard let number = Int64(text) else {
                throw JSONFault(reason: "the number \(text) is not whole, or too large")
            }
            self = .integer(number)
        case .array(let elements):
            var values: [JSONValue] = []
            for element in elements { values.append(try JSONValue(element)) }
            self = .array(values)
        case .object(let members):
            var values: [Member] = []
            for member in members {
                values.append(Member(name: member.name.value, value: try JSONValue(member.value)))
            }
            self = .object(values)
        }
    }
}
