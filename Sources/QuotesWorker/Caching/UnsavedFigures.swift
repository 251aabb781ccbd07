internal import Models
internal import Synchronization

/// What the ERP has said and the ledger does not have yet: written in batches, off the way of any answer.
final class UnsavedFigures: Sendable {
    /// What was said of a key; nil when the ERP says nothing of it any more.
    struct Note: Sendable {
        var figure: Figure?
        /// In microseconds since 1970.
        var at: Int64
    }

    private struct State {
        var waiting: [FigureKey: Note] = [:]
        /// On its way into the ledger.
        var leaving: [FigureKey: Note] = [:]
        var dropped = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    /// While the ledger takes nothing, no more than `limit` figures wait; what comes then is forgotten.
    init(limit: Int = 20_000) { self.limit = limit }

    /// How many figures were forgotten because too many waited.
    var dropped: Int { state.withLock { $0.dropped } }

    func add(_ figures: [FigureKey: Figure?], at now: Int64) {
        state.withLock { state in
            for (key, figure) in figures where key.cacheAddress != nil {
                guard state.waiting.count + state.leaving.count < limit || state.waiting[key] != nil else {
                    state.dropped += 1
                    continue
                }
                state.waiting[key] = Note(figure: figure, at: now)
            }
        }
    }

    /// What was said last of a key, when it waits.
    func note(of key: FigureKey) -> Note? { state.withLock { $0.waiting[key] ?? $0.leaving[key] } }

    /// What waits, to be written; followed by ``written(_:)``.
    func take() -> [FigureKey: Note] {
        state.withLock { state in
            (state.leaving, state.waiting) = (state.waiting, [:])
            return state.leaving
        }
    }

    /// What was taken is in the ledger; or it is not, and waits again unless something newer does.
    func written(_ isWritten: Bool) {
        state.withLock { state in
            if !isWritten { state.waiting.merge(state.leaving) { newer, _ in newer } }
            state.leaving = [:]
        }
    }
}
