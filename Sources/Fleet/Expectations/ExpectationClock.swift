package import Ledger

/// How much time has counted for expectations of one condition.
///
/// A span counts when somebody watched it, both its ends lay outside an outage, and it is plausible: so nothing is missed
/// because a clock was set, the machine was suspended, the watcher was not running, or the ledger could not be written.
package struct ExpectationClock: Hashable, Sendable {
    package var condition: ExpectationCondition
    /// The time that has counted, in microseconds.
    package var reading: Int64
    /// When it was looked at last, in microseconds since 1970.
    package var seenAt: Int64
    /// Since when it stands; nil while it runs.
    package var stop: Stop?

    /// Why a clock stands.
    package struct Stop: Hashable, Sendable {
        /// In microseconds since 1970.
        package var since: Int64
        /// A sentence.
        package var reason: String

        package init(since: Int64, reason: String) {
            self.since = since
            self.reason = reason
        }
    }

    package init(condition: ExpectationCondition, reading: Int64 = 0, seenAt: Int64, stop: Stop? = nil) {
        self.condition = condition
        self.reading = reading
        self.seenAt = seenAt
        self.stop = stop
    }

    /// The longest span between two looks that counts, in microseconds.
    package static let longestSpan: Int64 = 60_000_000
    /// The longest that counts before the first look of a process: two of its intervals, in microseconds. Whether anybody
    /// watched before, it does not know.
    package static let firstSpan: Int64 = 10_000_000
    /// A clock that nobody has looked at for so long, in microseconds, is watched by nobody.
    package static let forgotten: Int64 = 120_000_000

    /// Looks at it at `now`.
    /// - Parameter elapsed: How long ago, by a clock that nobody sets, this process looked last; nil when it has not.
    package mutating func advance(to now: Int64, elapsed: Duration?, stop found: Stop?) {
        let (span, isAbsurd) = now.subtractingReportingOverflow(seenAt)
        let most = elapsed.map { min(Int64($0 / .microseconds(1)), Self.longestSpan) } ?? Self.firstSpan
        if stop == nil, found == nil, !isAbsurd { reading += max(0, min(span, most)) }
        seenAt = now
        stop = found.map { Stop(since: min(stop?.since ?? $0.since, now), reason: $0.reason) }
    }

    /// Whether anybody watches.
    package func isWatched(at now: Int64) -> Bool {
        (-Self.forgotten...Self.forgotten).contains(now.subtractingReportingOverflow(seenAt).partialValue)
    }
}

extension LedgerSnapshot {
    /// Every clock that has been looked at.
    package func expectationClocks() throws -> [ExpectationCondition: ExpectationClock] {
        let clocks = try query("SELECT name, reading, seen_at, stopped_since, reason FROM expectation_clock") { row in
            (
                name: row.text(0), reading: row.integer(1), seenAt: row.integer(2), since: row.optionalInteger(3),
                reason: row.text(4)
            )
        }
        return clocks.reduce(into: [:]) { result, row in
            guard let condition = ExpectationCondition(rawValue: row.name) else { return }
            result[condition] = ExpectationClock(
                condition: condition, reading: row.reading, seenAt: row.seenAt,
                stop: row.since.map { .init(since: $0, reason: row.reason) })
        }
    }
}

extension LedgerTransaction {
    /// Writes the clock down.
    package func save(_ clock: ExpectationClock) throws {
        try execute(
            """
            INSERT OR REPLACE INTO expectation_clock (name, reading, seen_at, stopped_since, reason)
            VALUES (?, ?, ?, ?, ?)
            """, .text(clock.condition.rawValue), .integer(clock.reading), .integer(clock.seenAt),
            .integer(orNull: clock.stop?.since), .text(orNull: clock.stop?.reason))
    }
}
