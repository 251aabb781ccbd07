internal import RabbitMQ

/// What of a received header table may travel on: everything can be read from the wire that must not be written to it.
enum HeaderLimits {
    /// A longer name can be read, but no client may write it, at whatever depth.
    private static let longestName = 128

    /// Foreign headers as long as they fit beside ours in one frame; the largest go first.
    static func fitted(_ headers: [(name: String, value: FieldValue)]) -> [(name: String, value: FieldValue)] {
        var kept = writable(headers).map { (header: $0, size: $0.value.roughSize + 130) }
        var total = kept.reduce(0) { $0 + $1.size }
        while total > MessageHeader.largestTable, let largest = kept.indices.max(by: { kept[$0].size < kept[$1].size })
        {
            total -= kept[largest].size
            kept.remove(at: largest)
        }
        return kept.map { $0.header }
    }

    private static func writable(_ headers: [(name: String, value: FieldValue)]) -> [(name: String, value: FieldValue)]
    {
        headers.filter { $0.name.utf8.count <= longestName }.map { ($0.name, writable($0.value)) }
    }

    /// Recursion is bounded: the reader cuts what is nested deeper than `FieldTable.maximumDepth`.
    private static func writable(_ value: FieldValue) -> FieldValue {
        switch value {
        case .table(let table): .table(FieldTable(writable(table.entries)))
        case .array(let values): .array(values.map(writable))
        default: value
        }
    }
}

extension FieldValue {
    /// A number, or a text that our own headers may hold.
    var isShort: Bool {
        switch self {
        case .string(let text): text.utf8.count <= MessageHeader.longestText
        case .int64: true
        default: false
        }
    }

    /// About how many bytes it takes on the wire; never too few.
    fileprivate var roughSize: Int {
        switch self {
        case .string(let text): text.utf8.count + 5
        case .bytes(let bytes): bytes.count + 5
        case .array(let values): values.reduce(5) { $0 + $1.roughSize }
        case .table(let table): table.entries.reduce(5) { $0 + $1.name.utf8.count + 1 + $1.value.roughSize }
        default: 9
        }
    }
}
