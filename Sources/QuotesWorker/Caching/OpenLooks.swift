internal import Synchronization

/// The looks into the ledger that are under way. A ledger that does not answer must not gather ever more of them: once too
/// many wait for nobody any more, no other one is begun until some have come back.
final class OpenLooks: Sendable {
    private struct State {
        var last = 0
        /// Somebody waits for them.
        var awaited: Set<Int> = []
        var abandoned: Set<Int> = []
    }

    private let state = Mutex(State())
    private let limit: Int

    /// As many as `limit` may be under way for nobody.
    init(limit: Int = 256) { self.limit = limit }

    /// The number of a look that may begin; nil when none may.
    func begin() -> Int? {
        state.withLock { state in
            guard state.abandoned.count < limit else { return nil }
            state.last += 1
            state.awaited.insert(state.last)
            return state.last
        }
    }

    /// Nobody waits for it any more; it may be over already.
    func abandon(_ look: Int) {
        state.withLock { state in
            if state.awaited.remove(look) != nil { state.abandoned.insert(look) }
        }
    }

    /// It has come back.
    func end(_ look: Int) {
        state.withLock { state in
            if state.awaited.remove(look) == nil { state.abandoned.remove(look) }
        }
    }

    /// How many are under way for nobody.
    var abandoned: Int { state.withLock { $0.abandoned.count } }
}
