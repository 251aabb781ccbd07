internal import CYAML

/// Reads YAML 1.1 through libyaml: <https://yaml.org/spec/1.1/>. Settings are small, so a document has bounds that also
/// hold against one which grows out of its own aliases.
struct YAMLDocument {
    private static let mostNodes = 10_000
    private static let deepest = 32

    private var document = yaml_document_t()
    private var nodes = 0

    /// The one document in `text`; nil when there is nothing in it.
    static func read(_ text: String) throws(YAMLFault) -> YAMLNode? {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { throw YAMLFault(problem: "there is no memory to read it") }
        defer { yaml_parser_delete(&parser) }
        return try Array(text.utf8).withUnsafeBufferPointer { bytes throws(YAMLFault) in
            yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
            let first = try load(&parser)
            guard first != nil, try load(&parser) != nil else { return first }
            throw YAMLFault(problem: "there is more than one document in it")
        }
    }

    private static func load(_ parser: inout yaml_parser_t) throws(YAMLFault) -> YAMLNode? {
        var reader = YAMLDocument()
        guard yaml_parser_load(&parser, &reader.document) == 1 else { throw YAMLFault(parser) }
        defer { yaml_document_delete(&reader.document) }
        guard let root = yaml_document_get_root_node(&reader.document) else { return nil }
        return try reader.node(root, depth: 0)
    }

    private mutating func node(_ index: Int32, depth: Int) throws(YAMLFault) -> YAMLNode {
        guard let node = yaml_document_get_node(&document, index) else { throw YAMLFault(problem: "it cannot be read") }
        return try self.node(node, depth: depth)
    }

    private mutating func node(_ node: UnsafeMutablePointer<yaml_node_t>, depth: Int) throws(YAMLFault) -> YAMLNode {
        nodes += 1
        guard nodes <= Self.mostNodes, depth <= Self.deepest else {
            throw YAMLFault(node.pointee.start_mark, "this is too much for settings")
        }
        switch node.pointee.type {
        case YAML_SCALAR_NODE: return .scalar(Self.text(node.pointee.data.scalar))
        case YAML_SEQUENCE_NODE: return .sequence(try elements(node.pointee.data.sequence, depth))
        case YAML_MAPPING_NODE: return .mapping(try members(node.pointee.data.mapping, depth))
        default: throw YAMLFault(node.pointee.start_mark, "it cannot be read")
        }
    }

    private static func text(_ scalar: yaml_node_s.__Unnamed_union_data.__Unnamed_struct_scalar) -> String {
        String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    }

    private mutating func elements(
        _ sequence: yaml_node_s.__Unnamed_union_data.__Unnamed_struct_sequence, _ depth: Int
    ) throws(YAMLFault) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        for item in Self.span(sequence.items.start, sequence.items.top) {
            elements.append(try node(item, depth: depth + 1))
        }
        return elements
    }

    private mutating func members(
        _ mapping: yaml_node_s.__Unnamed_union_data.__Unnamed_struct_mapping, _ depth: Int
    ) throws(YAMLFault) -> [(name: YAMLNode, value: YAMLNode)] {
        var members: [(name: YAMLNode, value: YAMLNode)] = []
        var names: Set<String> = []
        for pair in Self.span(mapping.pairs.start, mapping.pairs.top) {
            let name = try node(pair.key, depth: depth + 1)
            if let text = name.text, !names.insert(text).inserted { throw twice(pair.key) }
            members.append((name, try node(pair.value, depth: depth + 1)))
        }
        return members
    }

    private mutating func twice(_ key: Int32) -> YAMLFault {
        let place = yaml_document_get_node(&document, key).map { Int($0.pointee.start_mark.line) + 1 }
        return YAMLFault(line: place, problem: "a name is there twice")
    }

    private static func span<Element>(
        _ start: UnsafeMutablePointer<Element>?, _ top: UnsafeMutablePointer<Element>?
    ) -> UnsafeBufferPointer<Element> {
        guard let start, let top else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: start, count: top - start)
    }
}

extension YAMLFault {
    fileprivate init(_ mark: yaml_mark_t, _ problem: String) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1, problem: problem)
    }

    /// libyaml's own words name no part of the text.
    fileprivate init(_ parser: yaml_parser_t) {
        let problem = parser.problem.map { String(cString: $0) } ?? "it cannot be read"
        switch parser.error {
        case YAML_MEMORY_ERROR: self.init(problem: "there is no memory to read it")
        case YAML_READER_ERROR: self.init(problem: "byte \(parser.problem_offset): \(problem)")
        default: self.init(parser.problem_mark, problem)
        }
    }
}
