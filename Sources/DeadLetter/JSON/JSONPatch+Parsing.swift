extension JSONPatch {
    /// Reads a patch document: an array of operations. Members that RFC 6902 does not know are ignored, as it demands.
    init(parsing bytes: [UInt8]) throws(JSONFault) {
        guard case .array(let elements) = try JSONTree(parsing: bytes) else {
            throw JSONFault(reason: "it is no array of operations")
        }
        var operations: [Operation] = []
        for (index, element) in elements.enumerated() {
            do throws(JSONFault) {
                operations.append(try Operation(element))
            } catch {
                throw JSONFault(reason: "operation \(index + 1) \(error.reason)")
            }
        }
        self.operations = operations
    }
}

extension JSONPatch.Operation {
    fileprivate init(_ element: JSONTree) throws(JSONFault) {
        guard case .object = element else { throw JSONFault(reason: "is no object") }
        let name = try Self.text("op", element)
        guard let kind = Kind(rawValue: name) else {
            let names = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw JSONFault(reason: "has the op \"\(name)\"; there are \(names)")
        }
        self.kind = kind
        path = try Self.pointer("path", element)
        switch kind {
        case .move, .copy: from = try Self.pointer("from", element)
        case .add, .replace, .test:
            guard let value = element["value"] else { throw JSONFault(reason: "(\(name)) has no value") }
            self.value = value
        case .remove: break
        }
    }

    private static func text(_ name: String, _ element: JSONTree) throws(JSONFault) -> String {
        guard case .string(let string) = element[name] else { throw JSONFault(reason: "has no text \"\(name)\"") }
        return string.value
    }

    private static func pointer(_ name: String, _ element: JSONTree) throws(JSONFault) -> JSONPointer {
        let text = try text(name, element)
        guard let pointer = JSONPointer(text) else {
            throw JSONFault(
                reason: "has the \(name) \"\(text)\", which is no JSON pointer: empty, or /step/step with ~0 for ~ "
                    + "and ~1 for /")
        }
        return pointer
    }
}
