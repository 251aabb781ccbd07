internal import Fleet
internal import Ledger
internal import Models

/// Looks into the rehearsal's ledger, which the workers write.
struct RehearsalLedger: Sendable {
    let path: String

    /// An order as the store's table shows it.
    struct ShownOrder: Sendable {
        var number: String
        /// Nil as long as the ERP has not answered.
        var answered: Int64?
        var state: String
    }

    /// What tells whether everything has come to an end.
    struct Pending: Hashable, Sendable {
        var outbox: Int
        /// Orders without the ERP's word; one that was called off before it was entered never has it.
        var unanswered: Int

        var isNone: Bool { outbox == 0 && unanswered == 0 }
    }

    func pending() async throws(ProgramError) -> Pending {
        try await ask { snapshot in
            let unanswered = try snapshot.first(
                """
                SELECT count(*) FROM store_order
                WHERE origin = 'online' AND answered_revision IS NULL AND state <> 'cancelled'
                """
            ) { Int($0.integer(0)) }
            return Pending(outbox: try snapshot.outboxCount(), unanswered: unanswered ?? 0)
        }
    }

    /// Every order of the store as it is shown, in groups.
    func shownOrders(_ body: ([ShownOrder]) -> Void) async throws(ProgramError) {
        var last = ""
        while true {
            let (after, limit) = (last, 10_000)
            let page = try await ask { snapshot in
                try snapshot.query(
                    """
                    SELECT number, answered_revision, state FROM store_order
                    WHERE origin = 'online' AND number > ? ORDER BY number LIMIT ?
                    """, .text(after), .integer(Int64(limit))
                ) { ShownOrder(number: $0.text(0), answered: $0.optionalInteger(1), state: $0.text(2)) }
            }
            body(page)
            guard page.count == limit, let end = page.last else { return }
            last = end.number
        }
    }

    /// Open dead letters, by code, the most frequent first.
    func deadLetters() async throws(ProgramError) -> [(code: String, count: Int)] {
        let rows = try await ask { snapshot in
            try snapshot.query(
                "SELECT code, count(*) FROM dead_letter WHERE state <> 'resolved' GROUP BY code ORDER BY 2 DESC, 1"
            ) { DeadCode(code: $0.text(0), count: Int($0.integer(1))) }
        }
        return rows.map { ($0.code, $0.count) }
    }

    /// Steps of orders that were not the first attempt.
    func spentAttempts() async throws(ProgramError) -> Int {
        try await ask { try $0.first("SELECT count(*) FROM journal WHERE attempt > 1") { Int($0.integer(0)) } } ?? 0
    }

    /// How many revisions of stock the store shows at their newest, by `SKU/warehouse`.
    func shownStock() async throws(ProgramError) -> [String: Int64] {
        let rows = try await ask { snapshot in
            try snapshot.query("SELECT sku, warehouse, revision FROM store_stock WHERE sku GLOB 'REHEARSAL-*'") {
                StockRow(place: $0.text(0) + "/" + $0.text(1), revision: $0.integer(2))
            }
        }
        return Dictionary(rows.map { ($0.place, $0.revision) }) { $1 }
    }

    /// Every alert that was raised, the oldest first.
    func alerts() async throws(ProgramError) -> [Alert] {
        let records = try await ask { snapshot in
            try AlertTables.areThere(snapshot) ? try snapshot.alerts(nil) : []
        }
        return records.map(\.alert).sorted { ($0.raisedAt, $0.key) < ($1.raisedAt, $1.key) }
    }

    private struct DeadCode: Sendable {
        var code: String
        var count: Int
    }

    private struct StockRow: Sendable {
        var place: String
        var revision: Int64
    }

    private func ask<Value: Sendable>(
        _ question: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async throws(ProgramError) -> Value {
        do {
            let ledger = try Ledger.openReadOnly(path: path, options: LedgerOptions(readTimeout: .seconds(600)))
            do {
                let answer = try await ledger.read(question)
                await ledger.close()
                return answer
            } catch {
                await ledger.close()
                throw error
            }
        } catch {
            throw RehearsalError.unreadable(error)
        }
    }
}
