internal import Ledger
internal import Models
internal import Storefront

/// What was noted of an object of the ERP.
struct NotedObject: Sendable {
    var version: Int64
    var revision: Int64
    var time: Timestamp
    var hash: ContentDigest
    /// The ERP changed it while it was compared.
    var isFresh: Bool
    /// The last reading of everything that had it; the greatest number for what was asked for by itself.
    var listing: Int
    /// Nil where no messages are to be made.
    var body: [UInt8]?
}

extension LedgerSnapshot {
    /// Nil when the ERP has not listed it.
    func notedObject(_ kind: ShownKind, _ subject: String) throws -> NotedObject? {
        try first(
            """
            SELECT version, revision, time, hash, fresh, body, listing FROM erp_object WHERE kind = ? AND subject = ?
            """,
            .text(kind.rawValue), .text(subject)
        ) { row in
            NotedObject(
                version: row.integer(0), revision: row.integer(1),
                time: Timestamp(microseconds: row.integer(2)) ?? .epoch,
                hash: row.digest(3) ?? ContentDigest(high: 0, low: 0), isFresh: row.integer(4) != 0,
                listing: Int(row.integer(6)), body: row.isNull(5) ? nil : row.blob(5))
        }
    }

    /// Which objects behind a subject and up to another the ERP has listed: asked once for many.
    func notedSubjects(_ kind: ShownKind, after last: String, through end: String) throws -> Set<ShownKey> {
        let keys = try query(
            "SELECT subject FROM erp_object WHERE kind = ? AND subject > ? AND subject <= ?", .text(kind.rawValue),
            .text(last), .text(end)
        ) { ShownKey([$0.text(0)]) }
        return Set(keys)
    }

    /// Why the ERP's row of an object cannot be told; nil when it can, or there is none. A row that does not even say of what
    /// it is may be any.
    func unreadableReason(_ subject: String, orNameless: Bool) throws -> String? {
        let own = try first("SELECT reason FROM erp_unreadable WHERE subject = ?", .text(subject)) { $0.text(0) }
        guard own == nil, orNameless else { return own }
        return try first("SELECT reason FROM erp_unreadable WHERE subject = ''") { $0.text(0) }
    }

    /// How many objects the ERP has listed.
    func notedCount() throws -> Int {
        Int(try first("SELECT count(*) FROM erp_object") { $0.integer(0) } ?? 0)
    }

    /// How many of the ERP's rows cannot be told.
    func unreadableCount() throws -> Int {
        Int(try first("SELECT count(*) FROM erp_unreadable") { $0.integer(0) } ?? 0)
    }
}
