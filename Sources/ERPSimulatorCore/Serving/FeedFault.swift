import Synchronization

/// Which changes were left out of a page. Each is so once, as a transaction that ends late is invisible once and then is not.
final class SkippedChanges: Sendable {
    private let versions = Mutex<Set<Int64>>([])

    /// Whether it was not left out before.
    func insert(_ version: Int64) -> Bool { versions.withLock { $0.insert(version).inserted } }
}

/// What a fault makes of a page of changes.
struct FeedFault {
    let rule: FaultRule?
    let books: Books
    let skipped: SkippedChanges

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
            let most = min(count, max(0, rows.count - 1))
            return rows.prefix(most).filter { !skipped.insert($0.version) }.map(\.json)
                + rows.dropFirst(most).map(\.json)
        case .unreadableRows: return rows.prefix(count).map(Self.spoilt) + rows.dropFirst(count).map(\.json)
        default: return rows.map(\.json)
        }
    }

    /// Readable but for its version.
    private static func spoilt(_ row: ChangedRow) -> String {
        row.json.replacing("\"version\":\(row.version)", with: "\"version\":\"\(row.version)\"", maxReplacements: 1)
    }
}
