import FoundationEssentials

/// A value of JSON without a type for what it means. Decimals are texts in the ERP's interface, so none is rounded.
enum JSONNode: Decodable, Sendable {
    case null
    /// A text, or what the store's tables make of a whole number and of a boolean.
    case text(String)
    case list([JSONNode])
    case object([String: JSONNode])

    init(json bytes: [UInt8]) throws { self = try JSONDecoder().decode(JSONNode.self, from: Data(bytes)) }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let members = try? value.decode([String: JSONNode].self) {
            self = .object(members)
        } else if let elements = try? value.decode([JSONNode].self) {
            self = .list(elements)
        } else if let number = try? value.decode(Int64.self) {
            self = .text(String(number))
        } else {
            let flag = try value.decode(Bool.self)
            self = .text(flag ? "1" : "0")
        }
    }

    /// A member's text; nil where there is none.
    subscript(name: String) -> String? { part(name).own }

    /// A member that is a whole number, written as one or as a text.
    func number(_ name: String) -> Int64? { self[name].flatMap { Int64($0) } }

    /// A member; null where there is none.
    func part(_ name: String) -> JSONNode {
        guard case .object(let members) = self else { return .null }
        return members[name] ?? .null
    }

    func has(_ name: String) -> Bool {
        if case .null = part(name) { return false }
        return true
    }

    /// A member's elements; none where there is no list.
    func parts(_ name: String) -> [JSONNode] {
        guard case .list(let elements) = part(name) else { return [] }
        return elements
    }

    /// The same, of texts.
    func texts(_ name: String) -> [String] { parts(name).compactMap(\.own) }

    private var own: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }
}
