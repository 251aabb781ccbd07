import Models

/// What is known of a request before it is answered.
struct Trace: Sendable {
    var method: String
    var path: String
    var storeNumber: String?
    var revision: Int64?
    /// The kind of fault that the request ran into.
    var fault: String?
}

/// One request as the audit keeps it.
struct AuditEntry: Codable, Sendable {
    var sequence: Int64
    var at: String
    var method: String
    var path: String
    var storeNumber: String?
    var revision: Int64?
    /// What the ERP meant to answer; a fault may have kept it from arriving.
    var status: Int64
    var effect: String
    var fault: String?
    var erpNumber: String?
}

/// The books in figures.
struct Summary: Codable, Sendable {
    /// A store number that was entered more than once: never, unless the simulator itself is broken.
    struct Duplicate: Codable, Sendable {
        var storeNumber: String
        var creates: Int64
    }

    var orders: Int64
    var offlineOrders: Int64
    var states: [String: Int64]
    var requests: Int64
    var effects: [String: Int64]
    var faults: [String: Int64]
    var creates: Int64
    var duplicates: [Duplicate]
}

extension Books.Page {
    /// Adds a request to the audit.
    func audit(_ trace: Trace, _ reply: Reply) throws {
        let sql = """
            INSERT INTO audit (at, method, path, store_number, revision, status, effect, fault, erp_number)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        try connection.run(
            sql,
            [
                .integer(Timestamp.now().microseconds), .text(trace.method), .text(trace.path),
                SQLValue(trace.storeNumber), SQLValue(trace.revision), .integer(Int64(reply.status)),
                .text(reply.effect.rawValue), SQLValue(trace.fault), SQLValue(reply.erpNumber),
            ])
    }

    /// Requests after a sequence number, oldest first; of one order when a number is given.
    func audit(after sequence: Int64, limit: Int, storeNumber: String?) throws -> [AuditEntry] {
        let filter = storeNumber == nil ? "" : "AND store_number = ?3"
        let sql = """
            SELECT sequence, at, method, path, store_number, revision, status, effect, fault, erp_number
            FROM audit WHERE sequence > ?1 \(filter) ORDER BY sequence LIMIT ?2
            """
        let values = [.integer(sequence), .integer(Int64(limit))] + (storeNumber.map { [SQLValue.text($0)] } ?? [])
        return try connection.run(sql, values).map(Self.entry)
    }

    func summary() throws -> Summary {
        let duplicates = try connection.run(
            """
            SELECT store_number, count(*) FROM audit WHERE effect IN ('created', 'tombstoned')
            AND store_number IS NOT NULL GROUP BY store_number HAVING count(*) > 1 ORDER BY 1
            """)
        let creates = "SELECT count(*) FROM audit WHERE effect IN ('created', 'tombstoned')"
        return Summary(
            orders: try count("SELECT count(*) FROM orders WHERE store_number IS NOT NULL"),
            offlineOrders: try count("SELECT count(*) FROM orders WHERE store_number IS NULL"),
            states: try counts("SELECT state, count(*) FROM orders GROUP BY state"),
            requests: try count("SELECT count(*) FROM audit"),
            effects: try counts("SELECT effect, count(*) FROM audit GROUP BY effect"),
            faults: try counts("SELECT fault, count(*) FROM audit WHERE fault IS NOT NULL GROUP BY fault"),
            creates: try count(creates),
            duplicates: duplicates.map { .init(storeNumber: $0[0].text ?? "", creates: $0[1].integer ?? 0) })
    }

    private func count(_ sql: String) throws -> Int64 {
        try connection.run(sql).first?.first?.integer ?? 0
    }

    private func counts(_ sql: String) throws -> [String: Int64] {
        try connection.run(sql).reduce(into: [:]) { $0[$1[0].text ?? ""] = $1[1].integer ?? 0 }
    }

    private static func entry(_ row: [SQLValue]) -> AuditEntry {
        AuditEntry(
            sequence: row[0].integer ?? 0,
            at: row[1].integer.flatMap(Timestamp.init(microseconds:))?.description ?? "",
            method: row[2].text ?? "", path: row[3].text ?? "", storeNumber: row[4].text, revision: row[5].integer,
            status: row[6].integer ?? 0, effect: row[7].text ?? "", fault: row[8].text, erpNumber: row[9].text)
    }
}
