internal import Synchronization

/// Tells a system that fails every call, though it answers whoever asks whether it is there, from single messages that it
/// fails: failures of so many different subjects in a row, without an answer between them.
///
/// Called at the end of every call, by many tasks at once.
final class FailureStreak: Sendable {
    /// A single message that cannot be handled must not stop the flow; two or three of a kind are not rare.
    static let length = 5

    /// So often one message may end a trial of a system that seemed to be back: then it is the message that always fails,
    /// and it must not keep the outage open for all.
    static let trials = 3

    private struct State {
        var failing: Set<String> = []
        /// How many trials each subject has ended, in this outage.
        var trials: [String: Int] = [:]
        var isDoubtful = false
    }

    private let state = Mutex(State())

    /// The system has answered a call, be it by a refusal.
    func answered() { state.withLock { $0.failing = [] } }

    /// A call for this subject has failed in a way that may pass. True when that is the system's failure, not the message's.
    func failed(_ subject: String) -> Bool {
        state.withLock { state in
            if state.isDoubtful {
                state.trials[subject, default: 0] += 1
                return state.trials[subject, default: 0] <= Self.trials
            }
            if state.failing.count < Self.length { state.failing.insert(subject) }
            return state.failing.count >= Self.length
        }
    }

    /// Whether the system is known to be away, or has only just seemed to be back: then the first failure counts.
    func setDoubt(_ isDoubtful: Bool) {
        state.withLock { state in
            state.isDoubtful = isDoubtful
            state.failing = []
            if !isDoubtful { state.trials = [:] }
        }
    }
}
