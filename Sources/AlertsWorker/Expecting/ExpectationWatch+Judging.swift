internal import Fleet
internal import Ledger
internal import Synchronization

/// How far what is missed has been looked at again: a place for each name, so that each look is a small step.
final class ExpectationRotation: Sendable {
    private let places = Mutex<[String: MissedPlace]>([:])

    /// Where to go on; at the beginning when the end was reached.
    func place(of name: String) -> MissedPlace { places.withLock { $0[name] } ?? .beginning }

    /// So far was looked at; nil when that was all.
    func move(_ name: String, to row: ExpectationRow?) {
        places.withLock { $0[name] = row.map { MissedPlace(behind: $0) } }
    }
}

// What is due, what is missed, and what nobody declares any more.
extension ExpectationWatch {
    /// Looks once more at each that is due: what nobody heard of may have happened. Returns how many are missed.
    func judgeDue(
        _ expectation: Expectation, _ clocks: [ExpectationCondition: ExpectationClock], _ desk: Desk
    ) async throws -> Int {
        guard let clock = clocks[expectation.condition] else { return 0 }
        var missed = 0
        while true {
            try Task.checkCancellation()
            let isAnyDue = try await ledger.read { try !due(expectation, clock, $0).isEmpty }
            guard isAnyDue else { return missed }
            let count = try await write(desk) { transaction -> Int? in
                // What was sent again since the journal was read is no dead letter any more, and the step that gives it
                // all its time again is unread.
                guard try readOn(desk, clocks, in: transaction) else { return nil }
                return try judge(try due(expectation, clock, transaction), expectation, clock, desk, transaction)
            }
            guard let judged = count ?? nil else { return missed }
            missed += judged
        }
    }

    private func due(
        _ expectation: Expectation, _ clock: ExpectationClock, _ snapshot: LedgerSnapshot
    ) throws -> [ExpectationRow] {
        try snapshot.dueExpectations(
            expectation.name, on: expectation.condition, until: clock.reading - expectation.patience,
            limit: rowsPerBatch)
    }

    /// Returns how many of these are missed.
    private func judge(
        _ due: [ExpectationRow], _ expectation: Expectation, _ clock: ExpectationClock, _ desk: Desk,
        _ transaction: LedgerTransaction
    ) throws -> Int {
        try due.reduce(0) { count, row in
            guard let verdict = try desk.judge.verdict(on: row, of: expectation, transaction) else {
                try transaction.miss(row, now: desk.now)
                return count + 1
            }
            try transaction.close(row, verdict, on: clock, now: desk.now)
            return count
        }
    }

    /// Some of what is missed may have happened without anybody hearing of it: what retention removed from the journal, say.
    func judgeMissed(_ expectation: Expectation, _ clock: ExpectationClock, _ desk: Desk) async throws {
        let place = rotation.place(of: expectation.name)
        let (rows, isAnyOver) = try await ledger.read { [rowsPerBatch] snapshot in
            let rows = try snapshot.missedExpectations(expectation.name, after: place, limit: rowsPerBatch)
            let isAnyOver = try rows.contains {
                try desk.judge.verdict(on: $0, of: expectation, snapshot) != nil
            }
            return (rows, isAnyOver)
        }
        rotation.move(expectation.name, to: rows.count < rowsPerBatch ? nil : rows.last)
        guard isAnyOver else { return }
        _ = try await write(desk) { transaction in
            for row in rows {
                guard let verdict = try desk.judge.verdict(on: row, of: expectation, transaction) else { continue }
                try transaction.close(row, verdict, on: clock, now: desk.now)
            }
        }
    }

    /// Puts away what is not declared any more, and sets over what is declared for another clock, in small steps.
    func retire(_ desk: Desk, _ clocks: [ExpectationCondition: ExpectationClock]) async throws {
        let declared = Set(expectations.map(\.name))
        let reading = clocks[.always]?.reading ?? 0
        let stray = try await ledger.read { [rowsPerBatch, strays] snapshot in
            let names = try snapshot.expectationNames().filter { !declared.contains($0) }
            return try strays.over(names, at: reading).flatMap { name in
                try snapshot.waitingExpectations(name, limit: rowsPerBatch)
                    + snapshot.missedExpectations(name, limit: rowsPerBatch)
            }
        }
        if !stray.isEmpty {
            _ = try await write(desk) { transaction in
                for row in stray { try transaction.drop(row, because: "it is not declared any more", now: desk.now) }
            }
        }
        for expectation in expectations { try await move(expectation, desk, clocks) }
    }

    /// The time that has passed counts on the other clock as well.
    private func move(
        _ expectation: Expectation, _ desk: Desk, _ clocks: [ExpectationCondition: ExpectationClock]
    ) async throws {
        guard let clock = clocks[expectation.condition] else { return }
        for (other, was) in clocks where other != expectation.condition {
            let rows = try await ledger.read { [rowsPerBatch] snapshot in
                try snapshot.dueExpectations(expectation.name, on: other, until: .max, limit: rowsPerBatch)
            }
            guard !rows.isEmpty else { continue }
            _ = try await write(desk) { transaction in
                for row in rows {
                    let passed = max(0, was.reading - row.opened)
                    try transaction.restart(
                        row, on: expectation.condition, at: clock.reading - passed, since: row.since)
                }
            }
        }
    }
}
