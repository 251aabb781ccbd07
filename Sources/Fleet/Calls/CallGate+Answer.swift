extension CallGate {
    /// Gives the place back and learns from the answer. Returns how long nobody is let in now, after a refusal that says
    /// that there is no room at all.
    func leave(_ answer: CallAnswer, latency: Duration) -> Duration? {
        switch answer {
        case .effect:
            answered()
            leave { limit, inFlight in limit.succeeded(latency: latency, inFlight: inFlight) }
        case .slowDown(let asked): return leaveRefused(asked: asked)
        case .failure(let failure):
            // Who says no answers.
            if !failure.mayPass { answered() }
            leave { limit, _ in limit.failed() }
        }
        return nil
    }
}
