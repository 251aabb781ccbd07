/// How long a backlog takes to go, while more arrives.
struct DrainProjection: Hashable, Sendable {
    /// Messages that wait.
    var backlog: Double
    /// What the ERP takes.
    var callsPerSecond: Double
    /// What arrives meanwhile.
    var arrivalsPerSecond: Double

    /// Nil when it never goes.
    var seconds: Double? {
        guard backlog > 0 else { return 0 }
        guard callsPerSecond > arrivalsPerSecond else { return nil }
        return backlog / (callsPerSecond - arrivalsPerSecond)
    }

    /// `48,000 ÷ (10 − 0.56) calls/s = 1 h 25 min`.
    var formula: String {
        let rate = "(\(Figure.decimal(callsPerSecond)) − \(Figure.decimal(arrivalsPerSecond))) calls/s"
        let end = seconds.map { Figure.span($0) } ?? "never: more arrives than goes"
        return "\(Figure.decimal(backlog, 0)) ÷ \(rate) = \(end)"
    }
}
