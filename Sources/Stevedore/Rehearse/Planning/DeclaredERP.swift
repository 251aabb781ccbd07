/// What the ERP bears, as a person declares it.
struct DeclaredERP: Hashable, Sendable {
    /// The most calls a second that it takes; nil where only latency and room say.
    var callsPerSecond: Double?
    /// How long an answer takes, in seconds.
    var latency = 0.05
    /// How many calls it has room for at once.
    var atOnce = 32

    /// Calls a second that nobody can exceed: what it is declared to take, and never more than its room and latency allow.
    var rate: Double { min(callsPerSecond ?? .infinity, latency > 0 ? Double(atOnce) / latency : .infinity) }

    /// What says how fast it is.
    var reason: String {
        let room = "\(atOnce) at once ÷ \(Figure.span(latency))"
        guard let callsPerSecond else { return "\(Figure.decimal(rate)) calls/s (\(room))" }
        return callsPerSecond > rate
            ? "\(Figure.decimal(rate)) calls/s (\(room); the declared \(Figure.decimal(callsPerSecond)) need more room)"
            : "\(Figure.decimal(rate)) calls/s, as declared"
    }

    /// The latency at which its room yields just so many calls a second.
    func latency(for callsPerSecond: Double) -> Double { Double(atOnce) / max(callsPerSecond, 1e-9) }
}
