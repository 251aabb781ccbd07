/// When what waits will be worked off. Made of values alone; ``LedgerSnapshot`` gathers them.
package enum BacklogProjection: Hashable, Sendable {
    /// Nothing waits.
    case drained
    /// So long from now, or from the end of an outage that lasts, if it goes on like that.
    case left(microseconds: Int64, DrainPace)
    /// Nobody can say; it says why, in a sentence.
    case unknown(String)

    /// What is known when it is asked.
    package struct Facts: Hashable, Sendable {
        /// What waits now; nil when neither the broker nor a sample says.
        package var waiting: Int?
        /// Since when calls go well again, in microseconds since 1970; nil while the outage lasts.
        package var endedAt: Int64?
        /// In microseconds since 1970, as all times here.
        package var now: Int64
        /// All that was read, in the order of time.
        package var readings: [BacklogReading] = []
        /// What the broker said just now, twice.
        package var looks: [BacklogReading] = []
        /// How fast an earlier outage drained; nil when none has been watched.
        package var earlier: DrainPace?
        /// How fast calls were answered before the outage; nil when hardly any were.
        package var before: DrainPace?

        package init(waiting: Int?, endedAt: Int64?, now: Int64) {
            (self.waiting, self.endedAt, self.now) = (waiting, endedAt, now)
        }
    }

    package init(_ facts: Facts) {
        guard let waiting = facts.waiting else {
            self = .unknown("It is not known how much waits.")
            return
        }
        guard waiting > 0 else {
            self = .drained
            return
        }
        guard let pace = facts.pace else {
            self = .unknown(facts.endedAt == nil ? Self.nothingToGoBy : Self.tooEarly)
            return
        }
        self = Self.working(off: waiting, pace, isOver: facts.endedAt != nil)
    }

    private static func working(off waiting: Int, _ pace: DrainPace, isOver: Bool) -> BacklogProjection {
        guard pace.perSecond > 0 else { return .unknown(isOver ? standing : nothingToGoBy) }
        let microseconds = Double(waiting) / pace.perSecond * 1_000_000
        guard microseconds < longest else { return .unknown(tooSlow) }
        return .left(microseconds: Int64(microseconds), pace)
    }

    /// A year, in microseconds: what is said to take longer is wrong.
    private static let longest = 31_536_000_000_000.0

    private static let nothingToGoBy =
        "No earlier outage was watched, and too little was answered before this one to go by."
    private static let tooEarly = "The outage has only just ended."
    private static let standing =
        "The backlog does not shrink: as much comes in as is answered, or no worker takes from it."
    private static let tooSlow = "The backlog hardly shrinks."
}

extension BacklogProjection.Facts {
    /// The best that is known.
    fileprivate var pace: DrainPace? {
        guard let endedAt else { return earlier ?? before }
        if let perSecond = recent(since: endedAt).pace { return DrainPace(perSecond: perSecond, basis: .samples) }
        return looks.pace.map { DrainPace(perSecond: $0, basis: .looks) }
    }

    /// What was read since the end, of the last minutes; nothing where nobody reads any more. A clock that was set back
    /// makes no reading younger than now.
    private func recent(since endedAt: Int64) -> [BacklogReading] {
        let past = readings.filter { $0.at >= endedAt && $0.at <= now }
        guard let last = past.last, now.subtractingReportingOverflow(last.at).partialValue < DrainPace.freshness else {
            return []
        }
        return past.filter { last.at - $0.at <= DrainPace.window }
    }
}
