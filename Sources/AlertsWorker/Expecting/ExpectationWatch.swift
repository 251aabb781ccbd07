internal import Fleet
internal import Ledger
internal import Models

/// Looks whether what has to happen does: reads the journal to its end, advances the clocks, and then says what is missed.
///
/// All it knows is in the ledger, and each step is one transaction, so that it may be killed anywhere. It may run in
/// several processes at once: one of them, which has the lease, works.
struct ExpectationWatch: Sendable {
    /// The task's name in the ledger.
    static let task = "expectations"

    let ledger: Ledger
    let expectations: [Expectation]
    let adapters: Set<StorefrontAdapter>
    /// How long what came late, or was dropped, is remembered.
    let retention: Duration
    /// Whether this process cannot reach the broker; then every clock stands.
    var brokerAbsence: @Sendable (_ now: Int64) async -> ExpectationClock.Stop? = { _ in nil }
    /// How many messages wait in a queue; nil when the broker does not say. What nobody takes is nowhere else to be seen.
    var queueLook: @Sendable (_ queue: String) async -> Int? = { _ in nil }
    var stepsPerBatch = 1_000
    var rowsPerBatch = 200
    /// After so many batches a look ends, and nothing is missed until another one has come to the journal's end.
    var batchesPerLook = 1_000
    let rotation = ExpectationRotation()
    let strays = ExpectationStrays()
    private static let lease = Duration.seconds(60)

    init(
        ledger: Ledger, expectations: [Expectation], adapters: Set<StorefrontAdapter>, retention: Duration,
        brokerAbsence: @escaping @Sendable (_ now: Int64) async -> ExpectationClock.Stop? = { _ in nil }
    ) {
        self.ledger = ledger
        self.expectations = expectations
        self.adapters = adapters
        self.retention = retention
        self.brokerAbsence = brokerAbsence
    }

    /// What one look has found.
    struct Findings: Hashable, Sendable {
        /// How many were missed, by name.
        var missed: [String: Int] = [:]
        /// Whether the journal was read to its end.
        var isCaughtUp = true
    }

    /// Looks once.
    /// - Parameter elapsed: How long ago, by a clock that nobody sets, this process looked last; nil when it has not.
    /// - Returns: nil when there is nothing to look for, or another process does.
    @discardableResult
    func look(
        _ holder: String, at now: Int64 = Timestamp.now().microseconds, elapsed: Duration? = nil
    ) async throws -> Findings? {
        guard try await hasWork(now) else { return nil }
        let desk = Desk(holder: holder, now: now, hasTables: try await ledger.read { try hasTables($0) })
        guard let clocks = try await begin(desk, elapsed: elapsed) else { return nil }
        var findings = Findings()
        // While nothing is declared, what is read would be lost for what is declared again in a moment.
        if !expectations.isEmpty { findings.isCaughtUp = try await readJournal(desk, clocks) }
        try await retire(desk, clocks)
        if findings.isCaughtUp {
            for expectation in expectations {
                guard let clock = clocks[expectation.condition] else { continue }
                let count = try await judgeDue(expectation, clocks, desk)
                if count > 0 { findings.missed[expectation.name] = count }
                try await judgeMissed(expectation, clock, desk)
            }
        }
        if expectations.isEmpty { try await putAway(desk) }
        try await forget(desk)
        return findings
    }

    /// Who looks, and when.
    struct Desk: Sendable {
        let holder: String
        let now: Int64
        let hasTables: Bool

        var judge: ExpectationJudge { ExpectationJudge(hasTables: hasTables) }
    }

    /// Writes when this process has the task; nil when another one does.
    func write<Value: Sendable>(
        _ desk: Desk, _ body: @escaping @Sendable (LedgerTransaction) throws -> Value
    ) async throws -> Value? {
        try await ledger.write { transaction in
            let isMine = try transaction.takeMaintenance(
                Self.task, holder: desk.holder, lease: Self.lease, now: desk.now)
            return try isMine ? body(transaction) : nil
        }
    }

    // MARK: - The journal

    /// Reads on; returns whether it came to the end.
    private func readJournal(
        _ desk: Desk, _ clocks: [ExpectationCondition: ExpectationClock]
    ) async throws -> Bool {
        for _ in 0..<batchesPerLook {
            try Task.checkCancellation()
            let unread = try await ledger.read { try nextSteps($0) }
            guard !unread.steps.isEmpty else { return true }
            let isMine = try await write(desk) { try enter(unread, desk, clocks, in: $0) }
            guard isMine == true else { return false }
            if unread.steps.count < stepsPerBatch { return true }
        }
        return false
    }

    /// Steps of the journal that have not been read, and where they begin.
    private struct Unread: Sendable {
        var tail: Int64
        var steps: [ExpectationStep]
    }

    private func nextSteps(_ snapshot: LedgerSnapshot) throws -> Unread {
        let tail = try snapshot.expectationTail() ?? 0
        // A journal of which everything was removed counts from one again.
        let start = try snapshot.newestStep() < tail ? 0 : tail
        return Unread(tail: tail, steps: try snapshot.steps(after: start, limit: stepsPerBatch))
    }

    /// False when somebody else has read on meanwhile.
    private func enter(
        _ unread: Unread, _ desk: Desk, _ clocks: [ExpectationCondition: ExpectationClock],
        in transaction: LedgerTransaction
    ) throws -> Bool {
        guard let last = unread.steps.last else { return true }
        guard try transaction.moveTail(from: unread.tail, to: last.id) else { return false }
        try book(desk, clocks).enter(unread.steps, in: transaction)
        return true
    }

    /// Reads what was written since, so that what is judged in this transaction is judged by all that there is; false
    /// when that is more than one batch.
    func readOn(
        _ desk: Desk, _ clocks: [ExpectationCondition: ExpectationClock], in transaction: LedgerTransaction
    ) throws -> Bool {
        let unread = try nextSteps(transaction)
        return try enter(unread, desk, clocks, in: transaction) && unread.steps.count < stepsPerBatch
    }

    func book(
        _ desk: Desk, _ clocks: [ExpectationCondition: ExpectationClock]
    ) -> ExpectationBook {
        ExpectationBook(expectations: expectations, judge: desk.judge, clocks: clocks, now: desk.now)
    }

    // MARK: - What has ended

    func forgottenBefore(_ now: Int64) -> Int64 {
        now.subtractingReportingOverflow(Int64(retention / .microseconds(1))).partialValue
    }

    private func forget(_ desk: Desk) async throws {
        let ended = try await ledger.read { [rowsPerBatch] snapshot in
            try snapshot.endedExpectations(before: forgottenBefore(desk.now), limit: rowsPerBatch)
        }
        guard !ended.isEmpty else { return }
        _ = try await write(desk) { transaction in
            for row in ended { try transaction.remove(row) }
        }
    }
}
