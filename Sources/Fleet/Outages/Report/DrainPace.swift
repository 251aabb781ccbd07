/// How fast a backlog is worked off, or would be, and how that is known.
package struct DrainPace: Hashable, Sendable {
    /// What it was taken from, the best first.
    package enum Basis: Hashable, Sendable {
        /// How the backlog has shrunk since the outage ended.
        case samples
        /// Two looks at the broker, a moment apart.
        case looks
        /// How it shrank after that earlier outage.
        case outage(Int64)
        /// What was answered in the busiest minute of the hour before the outage: the system may well take more, and what
        /// comes in meanwhile is not taken off.
        case journal
    }

    /// Messages a second; what comes in meanwhile is taken off where the backlog itself was watched.
    package var perSecond: Double
    package var basis: Basis

    package init(perSecond: Double, basis: Basis) { (self.perSecond, self.basis) = (perSecond, basis) }

    /// Readings of which the first and the last lie closer together say nothing of a pace, in microseconds.
    static let shortestSpan: Int64 = 900_000
    /// How far back the pace of the drain at hand is taken from, in microseconds: it changes with the day.
    static let window: Int64 = 300_000_000
    /// What was read longer ago says nothing of now, in microseconds.
    static let freshness: Int64 = 120_000_000

    /// What it was taken from, in words.
    package var source: String {
        switch basis {
        case .samples: "as the backlog has shrunk since the end"
        case .looks: "by two looks at the broker just now"
        case .outage(let number): "as after outage \(number)"
        case .journal:
            "as in the busiest minute of the hour before the outage; it may take more, and what comes in meanwhile is not "
                + "counted"
        }
    }

    /// `12 a second`, `4.5 a minute`: of the units the smallest in which it is one or more.
    package var text: String {
        let units: [(name: String, seconds: Double)] = [("a second", 1), ("a minute", 60), ("an hour", 3_600)]
        let unit = units.first { perSecond * $0.seconds >= 1 } ?? ("a day", 86_400)
        let tenths = (perSecond * unit.seconds * 10).rounded()
        guard tenths < 1e15, tenths.isFinite else { return "very many a second" }
        let number = Int(tenths)
        let decimals = number < 100 && number % 10 != 0 ? ".\(number % 10)" : ""
        return "\(Count.grouped(number / 10))\(decimals) \(unit.name)"
    }
}
