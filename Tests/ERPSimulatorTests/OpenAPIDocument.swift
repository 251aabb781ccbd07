import FoundationEssentials
import Testing
import Yams

/// `openapi.yaml`, read in full, and a comparison of JSON with its schemas. Stricter than JSON Schema: a member that the
/// document does not list is a complaint too.
struct OpenAPIDocument {
    private let root: Node

    init() throws {
        let file = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try String(contentsOfFile: "/\(file)/Sources/ERP/REST/openapi.yaml", encoding: .utf8)
        root = try #require(try Yams.compose(yaml: text))
    }

    /// What is wrong with an answer to an operation.
    func complaints(
        _ json: String, to method: String, _ path: String, status: Int, type: String
    ) throws -> [String] {
        let operation = try #require(find(method, path))
        let response = try #require(operation[member: "responses"]?[member: "\(status)"].map(resolved))
        guard let content = response[member: "content"]?[member: type] else {
            return ["\(type) is not documented"]
        }
        return try complaints(json, against: try #require(content[member: "schema"]))
    }

    /// What is wrong with a value of a named schema.
    func complaints(_ json: String, against name: String) throws -> [String] {
        try complaints(json, against: try #require(root[member: "components"]?[member: "schemas"]?[member: name]))
    }

    private func complaints(_ json: String, against schema: Node) throws -> [String] {
        check(try JSONDecoder().decode(AnyJSON.self, from: Data(json.utf8)), schema, at: "")
    }

    private func find(_ method: String, _ path: String) -> Node? {
        let asked = path.prefix { $0 != "?" }.split(separator: "/")
        let item = root[member: "paths"]?.mapping?.first { pair in
            let parts = (pair.key.string ?? "").split(separator: "/")
            return parts.count == asked.count && zip(parts, asked).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
        return item?.value[member: method]
    }

    private func resolved(_ node: Node) -> Node {
        guard let reference = node[member: "$ref"]?.string else { return node }
        let target = reference.split(separator: "/").dropFirst().reduce(Optional(root)) { $0?[member: String($1)] }
        return target.map(resolved) ?? node
    }

    private func check(_ value: AnyJSON, _ schema: Node, at place: String) -> [String] {
        let schema = resolved(schema)
        if let const = schema[member: "const"]?.string, value != .string(const) {
            return ["\(place) is not \(const)"]
        }
        if let words = schema[member: "enum"]?.sequence, !words.contains(where: { value == .string($0.string ?? "") }) {
            return ["\(place) is none of the words"]
        }
        switch (schema[member: "type"]?.string, value) {
        case ("object", .object(let members)): return check(members, schema, at: place)
        case ("array", .array(let elements)):
            guard elements.count >= schema[member: "minItems"]?.int ?? 0 else {
                return ["\(place) is too short"]
            }
            return elements.enumerated().flatMap { index, element in
                schema[member: "items"].map { check(element, $0, at: "\(place)/\(index)") } ?? []
            }
        case ("string", .string(let text)): return check(text, schema, at: place)
        case ("integer", .integer(let number)):
            return number >= schema[member: "minimum"]?.int ?? .min ? [] : ["\(place) is too small"]
        case ("boolean", .boolean), (nil, _): return []
        case (let type?, _): return ["\(place) is no \(type)"]
        }
    }

    private func check(_ members: [String: AnyJSON], _ schema: Node, at place: String) -> [String] {
        let properties = schema[member: "properties"]
        let missing = (schema[member: "required"]?.sequence ?? []).compactMap(\.string).filter { members[$0] == nil }
        return missing.map { "\(place)/\($0) is missing" }
            + members.sorted { $0.key < $1.key }.flatMap { name, value in
                properties?[member: name].map { check(value, $0, at: "\(place)/\(name)") }
                    ?? ["\(place)/\(name) is not documented"]
            }
    }

    private func check(_ text: String, _ schema: Node, at place: String) -> [String] {
        guard text.count >= schema[member: "minLength"]?.int ?? 0 else { return ["\(place) is too short"] }
        guard let pattern = schema[member: "pattern"]?.string, let regex = try? Regex(pattern) else { return [] }
        return text.contains(regex) ? [] : ["\(place) does not match \(pattern)"]
    }
}

extension Node {
    /// By the key's text, whatever YAML makes of it: a quoted 200 is no number.
    fileprivate subscript(member name: String) -> Node? {
        mapping?.first { $0.key.string == name }?.value
    }
}

/// Any JSON value.
enum AnyJSON: Decodable, Hashable {
    case null, boolean(Bool), integer(Int), number(Double), string(String), array([AnyJSON]), object([String: AnyJSON])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let boolean = try? value.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let integer = try? value.decode(Int.self) {
            self = .integer(integer)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let elements = try? value.decode([AnyJSON].self) {
            self = .array(elements)
        } else {
            self = .object(try value.decode([String: AnyJSON].self))
        }
    }
}
