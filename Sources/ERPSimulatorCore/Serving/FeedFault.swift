/// What a fault makes of a page of changes.
struct FeedFault {
    let rule: FaultRule?
    let books: Books

    /// The changes of the page as they are told; `earlier` reads so many from before it.
    func texts(
        of rows: [ChangedRow], earlier: (Books.Page, Int) throws -> [ChangedRow]
    ) throws -> [String] {
        let count = rule?.limit ?? 1
        switch rule?.kind {
        case .repeatRows:
            let before = try books.read { try earlier($0, count) }
            return (before + rows + rows.prefix(1)).map(\.json)
        case .skipRows:
            // The last is never left out: a cursor passes a row only when a later one has been seen.
            return rows.dropFirst(min(count, max(0, rows.count - 1))).map(\.json)
        case .unreadableRows: return rows.prefix(count).map(Self.spoilt) + rows.dropFirst(count).map(\.json)
        default: return rows.map(\.json)
        }
    }

    /// Readable but for its version.
    private static func spoilt(_ row: ChangedRow) -> String {
        row.json.replacing("\"version\":\(row.version)", with: "\"version\":\"\(row.version)\"", maxReplacements: 1)
    }
}
