internal import Fleet
internal import Ledger

/// The store's database: reads what waits there, and writes what became of it.
///
/// The store's own writers wait for what is written here, so no transaction touches more than a few hundred rows.
struct OutboxDatabase: Sendable {
    let guest: GuestDatabase

    var path: String { guest.path }

    /// Opens the database, or says in a sentence what is wrong with it. Blocks the caller for some seconds when it is
    /// locked.
    static func open(_ path: String) async throws(ProgramError) -> OutboxDatabase {
        do {
            let guest = try GuestDatabase.open(path: path)
            do {
                try await guest.read { try OutboxTable.check($0, path: path) }
            } catch {
                await guest.close()
                throw error
            }
            return OutboxDatabase(guest: guest)
        } catch {
            throw .store(error, path)
        }
    }

    /// Lends the database to a command.
    static func use<Value: Sendable>(
        _ path: String, _ body: (OutboxDatabase) async throws -> Value
    ) async throws(ProgramError) -> Value {
        let database = try await open(path)
        let result: Result<Value, ProgramError>
        do { result = .success(try await body(database)) } catch { result = .failure(.store(error, path)) }
        await database.close()
        return try result.get()
    }

    func close() async { await guest.close() }

    /// Another number whenever somebody else has written.
    func changes() async throws -> Int64 { try await guest.changes() }

    /// The rows that wait behind `id`, all when that is nil, in the order in which they were written: so many of them, and
    /// not much more than so many bytes.
    func waiting(
        after id: Int64?, _ types: OutboxTypes = .all, rows limit: Int, bytes: Int = 4 << 20
    ) async throws -> OutboxPage {
        let sql = """
            SELECT \(OutboxRow.columns) FROM stevedore_outbox
            WHERE sent_at IS NULL AND refused_code IS NULL AND \(id == nil ? "true" : "id > ?") AND \(types.condition)
            ORDER BY id LIMIT ?
            """
        var values: [SQLValue] = id.map { [.integer($0)] } ?? []
        values += types.names.map { .text($0) } + [.integer(Int64(limit))]
        return try await page(sql, values, after: id, limit, bytes)
    }

    /// The rows of one subject that wait between these two, in the order in which they were written: so many of them, and not
    /// much more than so many bytes.
    func waiting(
        of subject: String, _ types: OutboxTypes, from first: Int64, through last: Int64, rows limit: Int,
        bytes: Int = 4 << 20
    ) async throws -> OutboxPage {
        let sql = """
            SELECT \(OutboxRow.columns) FROM stevedore_outbox
            WHERE sent_at IS NULL AND refused_code IS NULL AND id BETWEEN ? AND ? AND subject = ? AND \(types.condition)
            ORDER BY id LIMIT ?
            """
        let values: [SQLValue] =
            [.integer(first), .integer(last), .text(subject)] + types.names.map { .text($0) } + [.integer(Int64(limit))]
        return try await page(sql, values, after: nil, limit, bytes)
    }

    private func page(
        _ sql: String, _ values: [SQLValue], after id: Int64?, _ limit: Int, _ bytes: Int
    ) async throws -> OutboxPage {
        return try await guest.read { snapshot in
            var page = OutboxPage()
            var size = 0
            try snapshot.each(text: sql, values) { (line) throws(LedgerError) in
                let row = OutboxRow(line)
                size += row.data.count
                page.rows.append(row)
                page.isWhole = page.rows.count < limit && size < bytes
                return page.isWhole
            }
            let newest = try snapshot.first("SELECT max(id) FROM stevedore_outbox") { $0.optionalInteger(0) } ?? nil
            page.end = page.isWhole ? newest.map { max($0, id ?? $0) } ?? id : page.rows.last?.id ?? id
            return page
        }
    }

    /// Writes down what became of rows. One that the store has taken away in the meantime is no fault.
    func settle(_ marks: OutboxMarks) async throws {
        try await guest.write { transaction in
            for row in marks.sent {
                try transaction.execute(
                    """
                    UPDATE stevedore_outbox SET sent_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
                    WHERE id = ? AND sent_at IS NULL
                    """, .integer(row.id))
            }
            for row in marks.refused {
                try transaction.execute(
                    """
                    UPDATE stevedore_outbox
                    SET refused_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), refused_code = ?, refused_text = ?
                    WHERE id = ? AND sent_at IS NULL
                    """, .text(row.code), .text(row.text), .integer(row.id))
            }
        }
    }

    /// Deletes some rows that were sent longer ago; returns how many.
    func prune(sentBefore age: Duration, limit: Int) async throws -> Int {
        let seconds = age.components.seconds
        return try await guest.write { transaction in
            try transaction.execute(
                """
                DELETE FROM stevedore_outbox WHERE id IN (
                    SELECT id FROM stevedore_outbox
                    WHERE sent_at < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?) ORDER BY sent_at LIMIT ?)
                """, .text("-\(seconds) seconds"), .integer(Int64(limit)))
        }
    }
}
