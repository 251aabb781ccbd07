internal import Ledger

/// Something that is waited for, or was.
package struct ExpectationRow: Hashable, Sendable {
    /// Which expectation it is, of what.
    package struct Key: Hashable, Sendable {
        /// The declaration's name.
        package var name: String
        /// The family of the object; empty for a heartbeat and for a queue.
        package var family: String
        /// The object's business key; of a heartbeat what beats, of a queue ``queue``.
        package var subject: String
        /// What has to be reached: a revision, or a quantity in millionths, of which the smallest is
        /// ``Expectation/firstShipment``; zero for a heartbeat and for a queue.
        package var mark: Int64

        package init(name: String, family: String, subject: String, mark: Int64) {
            self.name = name
            self.family = family
            self.subject = subject
            self.mark = mark
        }
    }

    /// Where it stands.
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// It has time left.
        case waiting
        /// Its time is over, and it has not happened.
        case missed
        /// It was missed, and has happened since.
        case late
        /// It is not expected any more.
        case dropped
    }

    package var key: Key
    /// The clock that its time is measured on; ``noClock`` of what a person has called off.
    package var clock: String
    /// What that clock read when its time began.
    package var opened: Int64
    /// When what it follows happened, in microseconds since 1970; of a heartbeat the last beat.
    package var since: Int64
    package var state: State
    /// In microseconds since 1970.
    package var missedAt: Int64?
    package var endedAt: Int64?
    /// Why it was dropped.
    package var note: String?

    package init(
        key: Key, clock: String, opened: Int64, since: Int64, state: State = .waiting, missedAt: Int64? = nil,
        endedAt: Int64? = nil, note: String? = nil
    ) {
        self.key = key
        self.clock = clock
        self.opened = opened
        self.since = since
        self.state = state
        self.missedAt = missedAt
        self.endedAt = endedAt
        self.note = note
    }

    init(_ row: borrowing SQLRow) {
        self.init(
            key: Key(name: row.text(0), family: row.text(1), subject: row.text(2), mark: row.integer(3)),
            clock: row.text(4), opened: row.integer(5), since: row.integer(6),
            state: State(rawValue: row.text(7)) ?? .dropped, missedAt: row.optionalInteger(8),
            endedAt: row.optionalInteger(9), note: row.optionalText(10))
    }

    /// The clock of what a person has called off: no time runs for it, and none begins anew.
    package static let noClock = "none"

    /// How much of its time is left on this clock, in microseconds; below zero when it is over.
    package func left(of patience: Int64, on clock: ExpectationClock) -> Int64 { opened + patience - clock.reading }
}
