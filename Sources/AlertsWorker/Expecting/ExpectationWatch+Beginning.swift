internal import Fleet
internal import Ledger
internal import Models

// How a look begins, and when there is nothing to look for.
extension ExpectationWatch {
    /// Without declarations there is work only until what was declared before is put away.
    func hasWork(_ now: Int64) async throws -> Bool {
        guard expectations.isEmpty else { return true }
        return try await ledger.read { snapshot in
            guard try ExpectationTables.areThere(snapshot) else { return false }
            let isToDo = try snapshot.expectationTail() != nil || Self.isAnyOpen(snapshot)
            return try isToDo || !snapshot.endedExpectations(before: forgottenBefore(now), limit: 1).isEmpty
        }
    }

    private static func isAnyOpen(_ snapshot: LedgerSnapshot) throws -> Bool {
        try snapshot.expectationNames().contains { name in
            try !snapshot.waitingExpectations(name, limit: 1).isEmpty
                || !snapshot.missedExpectations(name, limit: 1).isEmpty
        }
    }

    /// Whatever is declared one day is not to be read out of all that the journal has by then.
    func putAway(_ desk: Desk) async throws {
        _ = try await write(desk) { transaction in
            guard try !Self.isAnyOpen(transaction) else { return }
            try transaction.forgetTail()
        }
    }

    func hasTables(_ snapshot: LedgerSnapshot) throws -> Bool {
        guard adapters.contains(.database) else { return false }
        let table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'store_shipment_line'"
        return try !snapshot.query(text: table) { $0.integer(0) }.isEmpty
    }

    /// Advances the clocks, and looks at the queues. The first look of all begins at the journal's newest step: of what was
    /// before, nobody knows since when it waits.
    func begin(_ desk: Desk, elapsed: Duration?) async throws -> [ExpectationCondition: ExpectationClock]? {
        let brokerStop = await brokerAbsence(desk.now)
        let waiting = await brokerStop == nil ? waitingMessages() : [:]
        return try await write(desk) { transaction in
            if !expectations.isEmpty { try transaction.beginTail(at: transaction.newestStep()) }
            let clocks = try advance(transaction, desk, elapsed, brokerStop, waiting)
            let pages = book(desk, clocks)
            try pages.enterQueues(waiting, in: transaction)
            for expectation in expectations {
                try pages.begin(expectation, in: transaction)
                guard case .feed(let stream) = expectation.kind,
                    try transaction.isFeedRead(stream, now: desk.now)
                else { continue }
                try pages.beat(expectation, at: desk.now, in: transaction)
            }
            return clocks
        }
    }

    /// How many messages each queue has that matters. A broker that does not answer once is not asked for the others.
    private func waitingMessages() async -> [String: Int] {
        guard !expectations.isEmpty else { return [:] }
        var counts: [String: Int] = [:]
        for queue in Set(expectations.flatMap(\.queues) + [Catalogue.orderPlaced.queue]).sorted() {
            guard let count = await queueLook(queue) else { return [:] }
            counts[queue] = count
        }
        return counts
    }

    private func advance(
        _ transaction: LedgerTransaction, _ desk: Desk, _ elapsed: Duration?, _ brokerStop: ExpectationClock.Stop?,
        _ waiting: [String: Int]
    ) throws -> [ExpectationCondition: ExpectationClock] {
        var clocks = try transaction.expectationClocks()
        let absence = try erpStop(transaction, desk, clocks[.erp]?.stop, brokerStop, waiting)
        for condition in ExpectationCondition.allCases {
            var clock = clocks[condition] ?? ExpectationClock(condition: condition, seenAt: desk.now)
            clock.advance(to: desk.now, elapsed: elapsed, stop: condition == .erp ? absence : brokerStop)
            try transaction.save(clock)
            clocks[condition] = clock
        }
        return clocks
    }

    /// Why no time counts for what the ERP has to do: nobody reaches it, or what waited meanwhile is still being worked off.
    private func erpStop(
        _ transaction: LedgerTransaction, _ desk: Desk, _ before: ExpectationClock.Stop?,
        _ brokerStop: ExpectationClock.Stop?, _ waiting: [String: Int]
    ) throws -> ExpectationClock.Stop? {
        if let stop = try brokerStop ?? transaction.erpAbsence(now: desk.now) {
            try transaction.endDrain()
            return stop
        }
        return try transaction.drainStop(after: before, waiting: waiting[Catalogue.orderPlaced.queue], now: desk.now)
    }
}
