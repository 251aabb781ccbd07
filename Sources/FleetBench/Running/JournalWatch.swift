internal import Ledger

/// Reads from a ledger's journal how far a worker has come, and when. Reading the last row costs the worker nothing.
struct JournalWatch {
    let path: String

    /// Waits until the journal has this many rows.
    func wait(forRows count: Int, worker: Program, within limit: Duration = .seconds(600)) async throws {
        let deadline = ContinuousClock.now + limit
        while await rows() < count {
            guard ContinuousClock.now < deadline else { throw BenchError.stuck("the worker\n" + worker.errors) }
            guard ProcessFigures(of: worker.process) != nil else { throw BenchError.failed("worker", worker.errors) }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func rows() async -> Int {
        let last = await ask { try $0.first("SELECT max(id) FROM journal") { Int($0.integer(0)) } }
        return (last ?? nil) ?? 0
    }

    /// The times of the steps that applied a message, oldest first, in microseconds since 1970.
    func times(of type: String) async -> [Int64] {
        await ask { try $0.query(Self.listing, .text(type)) { $0.integer(0) } } ?? []
    }

    /// When each business object was applied.
    func times(bySubjectOf type: String) async -> [String: Int64] {
        let rows = await ask { try $0.query(Self.listing, .text(type)) { ($0.text(1), $0.integer(0)) } } ?? []
        return Dictionary(rows) { first, _ in first }
    }

    private static let listing: StaticString =
        "SELECT at, subject FROM journal WHERE type = ? AND stage = 'applied' ORDER BY id"

    private func ask<Value: Sendable>(
        _ question: @escaping @Sendable (LedgerSnapshot) throws -> Value
    ) async -> Value? {
        await LedgerGlance(path: path).ask(question)
    }
}
