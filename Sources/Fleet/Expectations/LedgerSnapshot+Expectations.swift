package import Ledger
internal import Models

/// A step of the journal, as far as it says what has begun or happened.
package struct ExpectationStep: Hashable, Sendable {
    package var id: Int64
    /// In microseconds since 1970.
    package var at: Int64
    package var type: String
    package var subject: String
    package var revision: Int64
    package var stage: String
}

extension LedgerSnapshot {
    /// The last step of the journal that has been read; nil before the first time.
    package func expectationTail() throws -> Int64? {
        try first("SELECT step FROM expectation_tail WHERE id = 1") { $0.integer(0) }
    }

    /// The newest step of the journal; zero of an empty one.
    package func newestStep() throws -> Int64 { try first(ExpectationSQL.newestStep) { $0.integer(0) } ?? 0 }

    /// What follows a step, the oldest first.
    package func steps(after step: Int64, limit: Int) throws -> [ExpectationStep] {
        try query(ExpectationSQL.steps, .integer(step), .integer(Int64(limit))) { row in
            ExpectationStep(
                id: row.integer(0), at: row.integer(1), type: row.text(2), subject: row.text(3),
                revision: row.integer(4), stage: row.text(5))
        }
    }

    /// The names of all rows there are, declared now or once.
    package func expectationNames() throws -> [String] { try query(ExpectationSQL.names) { $0.text(0) } }

    /// What has been opened at that reading of the clock or earlier and still waits, the oldest first.
    package func dueExpectations(
        _ name: String, on clock: ExpectationCondition, until reading: Int64, limit: Int
    ) throws -> [ExpectationRow] {
        try query(
            ExpectationSQL.due, .text(name), .text(clock.rawValue), .integer(reading), .integer(Int64(limit))
        ) { ExpectationRow($0) }
    }

    /// What waits, in no order.
    package func waitingExpectations(_ name: String, limit: Int) throws -> [ExpectationRow] {
        try query(ExpectationSQL.waiting, .text(name), .integer(Int64(limit))) { ExpectationRow($0) }
    }

    /// What is missed, in the order in which it was, behind this place.
    package func missedExpectations(
        _ name: String, after place: MissedPlace = .beginning, limit: Int
    ) throws -> [ExpectationRow] {
        try query(
            ExpectationSQL.missed, .text(name), .integer(place.missedAt), .text(place.subject), .integer(place.since),
            .text(place.family), .integer(place.mark), .integer(Int64(limit))
        ) { ExpectationRow($0) }
    }

    /// What is open of one object under one name, by mark.
    package func openExpectations(_ name: String, _ family: String, _ subject: String) throws -> [ExpectationRow] {
        try query(ExpectationSQL.openOf, .text(name), .text(family), .text(subject)) { ExpectationRow($0) }
    }

    /// What ended before that time, the oldest first.
    package func endedExpectations(before time: Int64, limit: Int) throws -> [ExpectationRow] {
        try query(ExpectationSQL.ended, .integer(time), .integer(Int64(limit))) { ExpectationRow($0) }
    }

    /// What ended last, the last of it last.
    package func lastEndedExpectations(limit: Int) throws -> [ExpectationRow] {
        try query(ExpectationSQL.endedLast, .integer(.min), .integer(Int64(limit))) { ExpectationRow($0) }.reversed()
    }

    /// Our own revision of an object whose answer was stated last, by whoever had asked or by a feed that was quicker.
    package func statedAnswer(family: String, subject: String) throws -> Int64 {
        try max(
            answeredRevision(family: family, subject: subject),
            toldRevision(family: ToldRevision.fedAnswer(family), subject: subject))
    }

    /// All that is known of an object: what is open, and what came late. None in a ledger without these tables.
    /// - Parameter subject: A business key; look at `family` to tell an order from a product of that name.
    package func expectations(of subject: String, limit: Int = 100) throws -> [ExpectationRow] {
        guard try ExpectationTables.areThere(self) else { return [] }
        return try query(ExpectationSQL.ofSubject, .text(subject), .integer(Int64(limit))) { ExpectationRow($0) }
    }

    /// How many of those that wait do so for an order that is a dead letter, by name: no time runs for them. For
    /// people, because it looks at each that waits.
    package func suspendedExpectations() throws -> [String: Int] {
        let rows = try query(
            """
            SELECT name, count(*) FROM expectation AS e
            WHERE state = 'waiting' AND family = ?1 AND EXISTS (
                SELECT 1 FROM dead_letter AS d INDEXED BY dead_letter_subject
                WHERE d.subject = e.subject AND d.revision = e.mark AND d.flow = ?2 AND d.state = 'open')
            GROUP BY name
            """, .text(Expectation.orderFamily), .text(Catalogue.orderPlaced.queue)
        ) { ($0.text(0), Int($0.integer(1))) }
        return Dictionary(rows) { first, _ in first }
    }

    /// How many rows there are, by name and state; for people, because it counts each of them.
    package func expectationCounts() throws -> [String: [ExpectationRow.State: Int]] {
        let rows = try query("SELECT name, state, count(*) FROM expectation GROUP BY name, state") { row in
            (row.text(0), row.text(1), row.integer(2))
        }
        return rows.reduce(into: [:]) { counts, row in
            guard let state = ExpectationRow.State(rawValue: row.1) else { return }
            counts[row.0, default: [:]][state] = Int(row.2)
        }
    }
}
