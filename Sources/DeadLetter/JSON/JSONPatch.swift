internal import Fleet

/// A list of changes to a JSON document (RFC 6902), made all or none.
struct JSONPatch: Sendable {
    /// One change.
    struct Operation: Sendable {
        enum Kind: String, Sendable, CaseIterable {
            case add, remove, replace, move, copy, test
        }

        var kind: Kind
        var path: JSONPointer
        /// Of `move` and `copy`.
        var from: JSONPointer?
        /// Of `add`, `replace` and `test`.
        var value: JSONTree?
    }

    /// The first change that cannot be made, and why.
    struct Fault: Error, Hashable {
        /// From 1.
        var number: Int
        var operation: String
        var path: String
        var reason: String

        var sentence: String { "Operation \(number) (\(operation) \"\(path)\") does not apply: \(reason)." }
    }

    let operations: [Operation]

    /// No document that a patch makes is larger, in bytes: copies of copies grow without end.
    static let largest = 16 << 20

    /// The changed document.
    func applied(to document: JSONTree) throws(Fault) -> JSONTree {
        var result = document
        var room = Self.largest - document.compact.count
        for (index, operation) in operations.enumerated() {
            do throws(PointerMiss) {
                try operation.apply(to: &result, &room)
            } catch {
                throw Fault(
                    number: index + 1, operation: operation.kind.rawValue, path: operation.path.text,
                    reason: error.reason)
            }
        }
        return result
    }
}

extension JSONPatch.Operation {
    fileprivate func apply(to document: inout JSONTree, _ room: inout Int) throws(PointerMiss) {
        switch kind {
        case .add, .copy:
            let value = try operand(document)
            try expectRoom(for: value, &room)
            try document.apply(.add(value), at: path)
        case .replace:
            let value = try operand(document)
            // Nothing may be added by a replacement, so the place has to be there.
            _ = try document.value(at: path)
            try expectRoom(for: value, &room)
            try document.apply(.replace(value), at: path)
        case .remove: try document.apply(.remove, at: path)
        case .move: try move(in: &document, &room)
        case .test: try test(document)
        }
    }

    /// What is put, moved or compared.
    private func operand(_ document: JSONTree) throws(PointerMiss) -> JSONTree {
        if let value { return value }
        guard let from else { throw PointerMiss(reason: "it has neither a value nor a place to take one from") }
        do throws(PointerMiss) {
            return try document.value(at: from)
        } catch {
            throw PointerMiss(reason: "of \"\(from.text)\", \(error.reason)")
        }
    }

    private func move(in document: inout JSONTree, _ room: inout Int) throws(PointerMiss) {
        guard let from else { throw PointerMiss(reason: "it names no place to move from") }
        let value = try operand(document)
        // Moved to where it is, it stays.
        guard !(path.begins(with: from) && from.begins(with: path)) else { return }
        guard !path.begins(with: from) else {
            throw PointerMiss(reason: "\"\(from.text)\" cannot be moved into itself")
        }
        try expectDepth(of: value)
        var moved = document
        try moved.apply(.remove, at: from)
        try moved.apply(.add(value), at: path)
        document = moved
    }

    private func test(_ document: JSONTree) throws(PointerMiss) {
        let (wanted, found) = (try operand(document), try document.value(at: path))
        guard !found.says(wanted) else { return }
        throw PointerMiss(reason: "the value is \(Self.cut(found)), not \(Self.cut(wanted))")
    }

    private static func cut(_ value: JSONTree) -> String { InertText.cut(value.text, to: 80) }

    private func expectRoom(for value: JSONTree, _ room: inout Int) throws(PointerMiss) {
        try expectDepth(of: value)
        room -= value.compact.count
        guard room >= 0 else {
            throw PointerMiss(reason: "the document would have more than \(JSONPatch.largest) bytes")
        }
    }

    private func expectDepth(of value: JSONTree) throws(PointerMiss) {
        guard path.steps.count + value.depth <= JSONTree.deepest else {
            throw PointerMiss(reason: "the document would nest deeper than \(JSONTree.deepest) levels")
        }
    }
}
