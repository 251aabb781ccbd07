/// The clock of the rehearsal: so many times faster than a real one, at a speed that may change. A value: whoever has it says
/// what the real time is, in seconds.
struct VirtualClock: Hashable, Sendable {
    private var realOrigin: Double
    private var virtualOrigin: Double
    private(set) var speed: Double

    init(at real: Double, virtual: Double = 0, speed: Double) {
        (realOrigin, virtualOrigin, self.speed) = (real, virtual, speed)
    }

    /// What it shows.
    func time(at real: Double) -> Double { virtualOrigin + max(0, real - realOrigin) * speed }

    /// It goes on from what it shows, or from another time, at another speed.
    mutating func change(speed: Double, at real: Double, virtual: Double? = nil) {
        self = VirtualClock(at: real, virtual: virtual ?? time(at: real), speed: speed)
    }
}

/// Lowers the speed when this machine cannot follow, and raises it again when it can.
///
/// Being late by a moment is nothing; being late by more than `patience` says that more is asked than this machine publishes.
/// What was measured while nothing could be published, as without a broker, says less than it seems: so a lower speed is
/// tried higher again.
struct SpeedGovernor: Hashable, Sendable {
    /// In seconds of the real clock.
    var patience = 2.0

    /// The speed that can be kept; nil while the present one can.
    /// - Parameters:
    ///   - due: How many orders the clock wants by now.
    ///   - sent: How many the broker has confirmed.
    ///   - rate: How many of them a second, on the real clock.
    func lowered(due: Int, sent: Int, rate: Double, ordersPerSecond: Double, speed: Double) -> Double? {
        let wanted = ordersPerSecond * speed
        guard rate > 0, wanted > 0, Double(due - sent) / wanted > patience else { return nil }
        let borne = rate * 0.9 / ordersPerSecond
        return borne < speed ? borne : nil
    }

    /// Twice the speed, up to the one that was wanted, when the present one was kept for as long as that takes to be seen;
    /// nil while it was not, or is the wanted one.
    /// - Parameters:
    ///   - behind: How many orders the clock wants that have not been sent.
    ///   - span: How long the present speed has lasted, in seconds of the real clock.
    ///   - wanted: The speed that the rehearsal is to have.
    func raised(behind: Int, for span: Double, ordersPerSecond: Double, speed: Double, wanted: Double) -> Double? {
        guard speed < wanted, span >= patience else { return nil }
        let isOnTime = Double(behind) <= max(1, ordersPerSecond * speed * patience / 4)
        return isOnTime ? min(speed * 2, wanted) : nil
    }
}
