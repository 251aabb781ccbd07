/// An AMQP field table: named values in the order of the wire. A repeated name is kept; the first one is found.
public struct FieldTable: Sendable, Hashable {
    /// Names and values in order.
    public var entries: [(name: String, value: FieldValue)]

    /// A table of these entries.
    public init(_ entries: [(name: String, value: FieldValue)] = []) { self.entries = entries }

    /// Whether nothing is in it.
    public var isEmpty: Bool { entries.isEmpty }

    /// The first value of that name; setting replaces it, adds it, or removes every one of that name.
    public subscript(name: String) -> FieldValue? {
        get { index(of: name).map { entries[$0].value } }
        set {
            guard let newValue else { return entries.removeAll { Self.isSame($0.name, name) } }
            if let index = index(of: name) {
                entries[index].value = newValue
            } else {
                entries.append((name, newValue))
            }
        }
    }

    private func index(of name: String) -> Int? { entries.firstIndex { Self.isSame($0.name, name) } }

    /// Most names differ in length, which is known without looking at them.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && one == other
    }

    /// Equal entries in equal order.
    public static func == (left: FieldTable, right: FieldTable) -> Bool {
        left.entries.elementsEqual(right.entries) { $0.name == $1.name && $0.value == $1.value }
    }

    /// Feeds every entry.
    public func hash(into hasher: inout Hasher) {
        for (name, value) in entries {
            hasher.combine(name)
            hasher.combine(value)
        }
    }
}

extension FieldTable: ExpressibleByDictionaryLiteral {
    /// The pairs in the order written.
    public init(dictionaryLiteral elements: (String, FieldValue)...) {
        self.init(elements.map { (name: $0.0, value: $0.1) })
    }
}
