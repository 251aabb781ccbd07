import Models

/// One change as it is read from the books, and as it is told.
struct ChangedRow: Sendable {
    enum Content: Sendable {
        /// A document without version and time.
        case document(String)
        /// One that has them already.
        case whole(String)
        case stock(StockRow)
    }

    var version: Int64
    /// Microseconds since 1970.
    var at: Int64
    var content: Content

    /// The JSON of the change. Made outside the lock of the books.
    var json: String {
        switch content {
        case .whole(let text): text
        case .document(let text): stamped(text)
        case .stock(let row): stamped(JSON.text(row.document))
        }
    }

    /// Spliced in, not decoded and encoded again: a page has up to a thousand.
    private func stamped(_ text: String) -> String {
        let time = Timestamp(microseconds: at)?.description ?? ""
        return "{\"changedAt\":\"\(time)\",\"version\":\(version)," + text.dropFirst()
    }
}

/// A page of changes, oldest first.
struct ChangedRows: Sendable {
    var rows: [ChangedRow]
    var hasMore: Bool
    /// How many follow; an estimate when there are very many.
    var remaining: Int64
}
