extension CallGate {
    /// Gives the place back and learns from the answer.
    func leave(_ answer: CallAnswer, latency: Duration) {
        leave { limit, inFlight in
            switch answer {
            case .effect: limit.succeeded(latency: latency, inFlight: inFlight)
            case .slowDown: limit.refused(inFlight: inFlight)
            case .failure: limit.failed()
            }
        }
    }
}
