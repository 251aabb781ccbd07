internal import Ledger
internal import Models

/// A row that waits, as the store wrote it.
struct OutboxRow: Hashable, Sendable {
    var id: Int64
    var messageID: String
    var type: String
    var subject: String
    var revision: Int64
    /// What the message says, JSON in UTF-8; cut when it is far too long.
    var data: [UInt8]
    var traceParent: String?
    var createdAt: String

    /// A time as RFC 3339 has it, or as SQLite writes it by itself: `2026-11-28 09:30:00`, in UTC.
    static func time(of text: String) -> Timestamp? {
        Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text.replacingFirstBlank() + "Z")
    }
}

extension OutboxRow {
    /// The columns that ``init(_:)`` reads. Longer data than any message may have is not taken into memory as a whole.
    static let columns = """
        id, message_id, type, subject, revision, substr(data, 1, \(longestData + 1)), traceparent, created_at
        """
    private static let longestData = 1 << 20

    init(_ row: borrowing SQLRow) {
        self.init(
            id: row.integer(0), messageID: row.text(1), type: row.text(2), subject: row.text(3),
            revision: row.integer(4), data: row.blob(5), traceParent: row.optionalText(6), createdAt: row.text(7))
    }
}

extension String {
    fileprivate func replacingFirstBlank() -> String {
        guard let blank = firstIndex(of: " ") else { return self }
        return self[..<blank] + "T" + self[index(after: blank)...]
    }
}
