internal import Ledger

/// Reads from a ledger's subjects how far a worker has come, and when, whether or not it keeps a journal.
struct AppliedWatch {
    let path: String
    let family: String

    /// Waits until as many subjects have been applied. Counts only once the last one is there: to look for that costs the
    /// worker nothing.
    func wait(
        for count: Int, last subject: String, worker: Program, within limit: Duration = .seconds(600)
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while true {
            if await isApplied(subject), await times().count >= count { return }
            guard ContinuousClock.now < deadline else { throw BenchError.stuck("the worker\n" + worker.errors) }
            guard ProcessFigures(of: worker.process) != nil else { throw BenchError.failed("worker", worker.errors) }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// When each was applied, oldest first, in microseconds since 1970: the time of its group's start, as in the journal.
    func times() async -> [Int64] {
        let family = family
        return await LedgerGlance(path: path).ask { snapshot in
            try snapshot.query(
                "SELECT applied_at FROM subject_state WHERE family = ? AND applied_at IS NOT NULL ORDER BY applied_at",
                .text(family)
            ) { $0.integer(0) }
        } ?? []
    }

    private func isApplied(_ subject: String) async -> Bool {
        let family = family
        return await LedgerGlance(path: path).ask { snapshot in
            try snapshot.subjectState(family: family, subject: subject)?.appliedAt != nil
        } ?? false
    }
}
