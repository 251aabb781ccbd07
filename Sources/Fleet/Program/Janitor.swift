internal import Ledger
internal import Logging
internal import Models

/// Removes from the ledger what is older than it has to be kept, slowly, so that work never waits for it.
///
/// Every process has a janitor, and one of them works: whoever holds the lease of the task.
struct Janitor: Sendable {
    /// The task's name in the ledger.
    static let task = "retention"

    let ledger: Ledger
    let holder: String
    let retention: LedgerRetention
    let logger: Logger
    var rowsPerStep = 500
    var pause: Duration = .milliseconds(500)
    var rest: Duration = .seconds(900)
    private let lease: Duration = .seconds(60)

    /// Runs until cancelled.
    func run() async {
        // Not at the start, where there is other work, and not all processes at once.
        while await sleep(rest * Double.random(in: 0.1...1)) {
            do {
                let removed = try await sweep()
                if removed > 0 { logger.info("ledger pruned", metadata: ["rows": "\(removed)"]) }
            } catch {
                // A shutdown closes the ledger without waiting for the broom.
                guard !Task.isCancelled else { return }
                logger.warning("ledger not pruned", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Goes once through all tables, unless another process does; returns how many rows were removed.
    func sweep() async throws -> Int {
        var removed = 0
        var sweep: RetentionSweep? = RetentionSweep()
        while let current = sweep {
            guard let step = try await step(current) else { return removed }
            removed += step.removed
            sweep = step.next
            guard sweep != nil, await sleep(pause) else { break }
        }
        return try await removed + sweepOutages() + sweepSettlements()
    }

    /// Removes what is older than that in small steps; returns how many rows went.
    /// - Parameter prune: Removes at most so many rows of before a time, in microseconds since 1970; returns how many.
    func steps(
        keeping retention: Duration, _ prune: @escaping @Sendable (LedgerTransaction, Int64, Int) throws -> Int
    ) async throws -> Int {
        var removed = 0
        while !Task.isCancelled {
            let count = try await ledger.write { [holder, rowsPerStep, lease] transaction -> Int in
                let now = Timestamp.now().microseconds
                guard try transaction.takeMaintenance(Self.task, holder: holder, lease: lease, now: now) else {
                    return 0
                }
                return try prune(transaction, now - Int64(retention / .microseconds(1)), rowsPerStep)
            }
            removed += count
            guard count >= rowsPerStep, await sleep(pause) else { break }
        }
        return removed
    }

    /// Nil when another process has the task.
    private func step(_ sweep: RetentionSweep) async throws -> (removed: Int, next: RetentionSweep?)? {
        try await ledger.write { [holder, retention, rowsPerStep, lease] transaction in
            let now = Timestamp.now().microseconds
            guard try transaction.takeMaintenance(Self.task, holder: holder, lease: lease, now: now) else { return nil }
            return try transaction.prune(sweep, keeping: retention, limit: rowsPerStep, now: now)
        }
    }

    private func sleep(_ duration: Duration) async -> Bool { (try? await Task.sleep(for: duration)) != nil }
}
