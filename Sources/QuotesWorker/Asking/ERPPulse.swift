internal import ERP
internal import Fleet
internal import Synchronization

/// Asks the ERP by a ping whether it is there when a question was not answered: a question that fails is no outage, but an
/// ERP that does not answer a ping is.
final class ERPPulse: Sendable {
    private struct State {
        var isAsking = false
        var askedAt: ContinuousClock.Instant?
    }

    /// The ERP over a connection of its own, so that a ping never waits behind questions that are not answered.
    private let probe: any ERP
    private let standing: ERPStanding
    private let state = Mutex(State())

    init(probe: any ERP, standing: ERPStanding) {
        self.probe = probe
        self.standing = standing
    }

    /// A question was not answered. Asks soon, one ping at a time, and no more often than every half second.
    func suspect() {
        let mustAsk = state.withLock { state in
            guard !state.isAsking, state.askedAt.map({ .now - $0 >= ERPStanding.look }) ?? true else { return false }
            state.isAsking = true
            state.askedAt = .now
            return true
        }
        if mustAsk { Task { await ask() } }
    }

    private func ask() async {
        if standing.outage == nil, let failure = await reach() { await standing.note(failure) }
        state.withLock { $0.isAsking = false }
    }

    /// Why the ERP is not there; nil when it is.
    func reach() async -> Failure? {
        do throws(ERPError) {
            try await probe.ping()
            return nil
        } catch {
            // A full ERP is there all the same.
            if case .slowDown = error { return nil }
            return Failure(
                code: error.code, category: .unavailable, sentence: error.sentence, remedy: error.remedy)
        }
    }
}
