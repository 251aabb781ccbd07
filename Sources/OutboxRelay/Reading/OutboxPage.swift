/// A part of the rows that wait.
struct OutboxPage: Hashable, Sendable {
    /// In the order in which they were written.
    var rows: [OutboxRow] = []
    /// Everything up to this id is in it; nil where there is nothing at all.
    var end: Int64?
    /// Whether nothing that waits is behind it.
    var isWhole = true

    /// Where what is behind it begins at the earliest; nil when there is nothing.
    var next: Int64? {
        guard !isWhole, let last = rows.last?.id, last < .max else { return nil }
        return last + 1
    }
}

/// Which rows are asked for, by their type.
enum OutboxTypes: Hashable, Sendable {
    case all
    case only([String])
    case except([String])

    /// The values of ``condition``.
    var names: [String] {
        switch self {
        case .all: []
        case .only(let names), .except(let names): names
        }
    }

    /// As SQL has it.
    var condition: String {
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        return switch self {
        case .all: "true"
        case .only: "type IN (\(marks))"
        case .except: "type NOT IN (\(marks))"
        }
    }
}

/// What became of rows, to be written down.
struct OutboxMarks: Hashable, Sendable {
    /// A row whose message the broker has.
    struct Sent: Hashable, Sendable {
        var id: Int64
        var subject: String
    }

    var sent: [Sent] = []
    var refused: [RowRefusal] = []

    var count: Int { sent.count + refused.count }
    var isEmpty: Bool { count == 0 }
    var ids: [Int64] { sent.map(\.id) + refused.map(\.id) }

    /// So many of them, the oldest first.
    func prefix(_ limit: Int) -> OutboxMarks {
        let first = sent.prefix(limit)
        return OutboxMarks(sent: Array(first), refused: Array(refused.prefix(limit - first.count)))
    }

    /// Takes away what is in `part`, a ``prefix(_:)`` of it.
    mutating func remove(_ part: OutboxMarks) {
        sent.removeFirst(part.sent.count)
        refused.removeFirst(part.refused.count)
    }
}
