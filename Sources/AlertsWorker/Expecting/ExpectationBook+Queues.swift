internal import Fleet
internal import Ledger

// Queues in which messages wait that nobody takes: what nobody takes is not written down, and would never be missed.
extension ExpectationBook {
    /// Enters how the queues stand from which what begins an expectation is taken.
    /// - Parameter waiting: How many messages each has; without those of which the broker did not say.
    func enterQueues(_ waiting: [String: Int], in transaction: LedgerTransaction) throws {
        let positions = try FlowPosition.all(transaction)
        // Of what a flow is paused for, people hear as of an outage.
        let paused = Set(try FlowPause.all(transaction, now: now).map(\.queue))
        for expectation in expectations {
            for queue in expectation.queues {
                let position = positions.first { $0.queue == queue }
                let count = waiting[queue].map { paused.contains(queue) ? 0 : $0 }
                try enter(queue, count, position, expectation, transaction)
            }
        }
    }

    private func enter(
        _ queue: String, _ count: Int?, _ position: FlowPosition?, _ expectation: Expectation,
        _ transaction: LedgerTransaction
    ) throws {
        let subject = Expectation.subject(ofQueue: queue)
        let row = try transaction.openExpectations(expectation.name, "", subject).first
        switch (row, count) {
        case (nil, let count?) where count > 0:
            try open(expectation, "", subject, mark: 0, since: now, in: transaction)
        case (nil, _): break
        case (let row?, nil):
            // What was missed is so until somebody sees that it is not.
            if row.state == .waiting { try transaction.remove(row) }
        case (let row?, let count?): try settle(row, count, position, expectation, transaction)
        }
    }

    private func settle(
        _ row: ExpectationRow, _ count: Int, _ position: FlowPosition?, _ expectation: Expectation,
        _ transaction: LedgerTransaction
    ) throws {
        if count == 0 || isTaken(position, since: row.since) { return try transaction.meet(row, now: now) }
        // The clock was set back: by this one nothing could be taken after it for as long.
        guard row.since > now, let clock = clocks[expectation.condition] else { return }
        try transaction.restart(row, on: clock.condition, at: clock.reading, since: now)
    }

    /// One that is taken in the future was so before the clock was set back.
    private func isTaken(_ position: FlowPosition?, since: Int64) -> Bool {
        guard let position else { return false }
        return position.takenAt > since && position.takenAt <= now.addingReportingOverflow(60_000_000).partialValue
    }
}
