internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// Publishes what the ledger's outbox holds, with confirms, and marks it only then.
///
/// Several processes may flush one outbox: rows are leased, in order per subject. A crash between confirm and mark
/// publishes a row twice with the same id, which every consumer takes for the duplicate it is.
struct OutboxFlusher: Sendable {
    let ledger: Ledger
    let publisher: any MessageSink
    let holder: String
    let logger: Logger
    let wake: WakeSignal
    let batch = 500
    let lease: Duration = .seconds(30)

    /// Runs until cancelled. Wakes when rows are written, and looks once a second for rows that a dead process left.
    func run() async {
        while !Task.isCancelled {
            let sent = await flushOnce()
            if sent == 0 { await wake.wait(atMost: .seconds(1)) }
        }
    }

    /// Publishes until the outbox is empty, a publish fails, or `deadline` passes: for the shutdown.
    func drain() async {
        while await flushOnce() > 0 {}
    }

    /// One batch; returns how many rows were published and marked.
    private func flushOnce() async -> Int {
        do {
            let rows = try await ledger.write(patience: Ledger.gathering) { [holder, batch, lease] transaction in
                try transaction.leaseOutbox(
                    limit: batch, holder: holder, lease: lease, now: Timestamp.now().microseconds)
            }
            guard !rows.isEmpty else { return 0 }
            return try await publish(rows)
        } catch {
            logger.warning("outbox waits", metadata: ["reason": "\(error)"])
            try? await Task.sleep(for: .seconds(1))
            return 0
        }
    }

    private func publish(_ rows: [LeasedOutboxMessage]) async throws -> Int {
        let outcomes = await publisher.publish(rows.map(OutgoingMessage.init(outbox:)), timeout: .seconds(10))
        for row in rows { FaultPoint.afterOutboxConfirm.pass(row.message.subject) }
        let pairs = Array(zip(rows, outcomes))
        let confirmed = pairs.filter { $0.1 == .confirmed }.map(\.0.sequence)
        let refused = pairs.compactMap { row, outcome in outcome.refusal.map { RefusedRow(row, reason: $0, holder) } }
        let waiting = pairs.filter { $0.1 != .confirmed && $0.1.refusal == nil }
        try await ledger.write(patience: Ledger.gathering) { [holder] transaction in
            try transaction.markPublished(confirmed)
            for row in refused { try row.setAside(in: transaction) }
            let now = Timestamp.now().microseconds
            for (row, _) in waiting {
                try transaction.releaseOutbox([row.sequence], holder: holder, retryAt: row.nextTry(after: now))
            }
        }
        for row in rows { FaultPoint.afterOutboxMark.pass(row.message.subject) }
        for row in refused { row.report(to: logger) }
        report(waiting)
        return confirmed.count + refused.count
    }

    private func report(_ waiting: [(LeasedOutboxMessage, PublishOutcome)]) {
        guard let (row, outcome) = waiting.max(by: { $0.0.attempts < $1.0.attempts }) else { return }
        logger.warning(
            "outbox waits",
            metadata: [
                "rows": "\(waiting.count)", "subject": "\(row.message.subject)", "attempts": "\(row.attempts)",
                "reason": "\(outcome.reason)",
            ])
    }
}

extension LeasedOutboxMessage {
    /// A little later each time, because what the broker does not take it may not take for hours.
    fileprivate func nextTry(after now: Int64) -> Int64 { now + Int64(min(max(attempts, 1), 30)) * 1_000_000 }
}
