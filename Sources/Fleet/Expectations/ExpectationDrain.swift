package import Ledger
internal import Models

/// The time after an outage in which what waited for the ERP is worked off: no order is late because others were there
/// before it.
package struct ExpectationDrain: Hashable, Sendable {
    /// When the outage began, in microseconds since 1970.
    package var outage: Int64
    /// When the ERP was seen to be back, in microseconds since 1970.
    package var began: Int64

    package init(outage: Int64, began: Int64) {
        self.outage = outage
        self.began = began
    }

    /// A shorter outage leaves nothing behind that makes others late: a process that starts before its broker is there has
    /// one.
    static let least: Int64 = 15_000_000
    /// When nothing has been taken for so long, nothing is being worked off.
    static let patience: Int64 = 120_000_000
    /// What was taken so long ago may still be in hand.
    static let handling: Int64 = 60_000_000
    /// What a drain may take beyond the time in which its backlog came.
    static let slowStart: Int64 = 900_000_000
    private static let longestOutage: Int64 = 31 * 86_400_000_000

    /// Whether there is still work from the time of the outage, and somebody does it.
    ///
    /// It ends at the latest after as much time as the outage took, and a quarter of an hour: where orders are worked off
    /// more slowly than they come, they are late.
    /// - Parameters:
    ///   - position: How far the workers have come in the queue; nil when nobody knows.
    ///   - waiting: How many messages are in the queue; nil when the broker did not say.
    package func goesOn(_ position: FlowPosition?, waiting: Int?, now: Int64) -> Bool {
        let most = min(Self.span(outage, began), Self.longestOutage) + Self.slowStart
        guard now >= began, Self.span(began, now) <= most else { return false }
        let taken = position.flatMap { (outage...max(outage, now)).contains($0.takenAt) ? $0 : nil }
        // Messages are taken in their order: when one is that was made since, none from before is left.
        if let taken, taken.takenAt >= began, taken.messageTime >= began { return false }
        if waiting == 0 { return taken.map { Self.span($0.takenAt, now) < Self.handling } ?? false }
        return Self.span(max(taken?.takenAt ?? began, began), now) < Self.patience
    }

    /// Whatever a clock, or a person, has written.
    private static func span(_ start: Int64, _ end: Int64) -> Int64 {
        let (span, isTooGreat) = end.subtractingReportingOverflow(start)
        return isTooGreat ? (end > start ? .max : 0) : max(0, span)
    }
}

extension LedgerSnapshot {
    /// What is being worked off; nil when nothing is, or an outage goes on.
    package func expectationDrain() throws -> ExpectationDrain? {
        try first(
            """
            SELECT stopped_since, seen_at FROM expectation_clock
            WHERE name = 'erp.drain' AND stopped_since IS NOT NULL
            """
        ) { ExpectationDrain(outage: $0.integer(0), began: $0.integer(1)) }
    }
}

extension LedgerTransaction {
    /// Why a clock goes on standing that stood until now, and whose reason is gone; nil when it may run.
    /// - Parameter waiting: How many messages are on their way to the ERP; nil when the broker did not say.
    package func drainStop(
        after stop: ExpectationClock.Stop?, waiting: Int?, now: Int64
    ) throws -> ExpectationClock.Stop? {
        guard let stop else { return nil }
        let known = try expectationDrain()
        guard known != nil || now - stop.since >= ExpectationDrain.least else { return nil }
        let drain = known ?? ExpectationDrain(outage: stop.since, began: now)
        let position = try FlowPosition.all(self).first { $0.queue == Catalogue.orderPlaced.queue }
        guard drain.goesOn(position, waiting: waiting, now: now) else {
            try endDrain()
            return nil
        }
        try save(drain)
        return .init(since: drain.outage, reason: "The ERP is back, and what waited for it is being worked off.")
    }

    /// Beside the clocks: no condition has this name.
    func save(_ drain: ExpectationDrain) throws {
        try execute(
            """
            INSERT OR REPLACE INTO expectation_clock (name, reading, seen_at, stopped_since)
            VALUES ('erp.drain', 0, ?, ?)
            """, .integer(drain.began), .integer(drain.outage))
    }

    /// All is worked off, or an outage has come again.
    package func endDrain() throws {
        try execute("DELETE FROM expectation_clock WHERE name = 'erp.drain'")
    }
}
