internal import Synchronization

/// The part of what is known that is kept in memory: what was looked up or said in the last moments, and no more than there
/// is room for.
///
/// Two halves take turns: when the younger one is full it becomes the older one, and what was in that is forgotten, unless
/// somebody has asked for it since.
final class FigureMemory: Sendable {
    /// What was found, and when.
    struct Entry: Sendable {
        var figure: Figure?
        var at: ContinuousClock.Instant
    }

    fileprivate struct State {
        var young: [FigureKey: Entry] = [:]
        var old: [FigureKey: Entry] = [:]
    }

    private let state = Mutex(State())
    private let half: Int

    /// Never more than `limit` figures.
    init(limit: Int) { half = max(limit / 2, 1) }

    subscript(key: FigureKey) -> Entry? {
        state.withLock { state in
            if let entry = state.young[key] { return entry }
            guard let entry = state.old[key] else { return nil }
            state.put(key, entry, half)
            return entry
        }
    }

    /// Keeps what was found. What was found later stays.
    func put(_ found: [FigureKey: Figure?], at time: ContinuousClock.Instant) {
        state.withLock { state in
            for (key, figure) in found {
                if let known = state.young[key] ?? state.old[key], known.at > time { continue }
                state.put(key, Entry(figure: figure, at: time), half)
            }
        }
    }

    /// How many figures are kept.
    var count: Int { state.withLock { $0.young.count + $0.old.count } }
}

extension FigureMemory.State {
    fileprivate mutating func put(_ key: FigureKey, _ entry: FigureMemory.Entry, _ half: Int) {
        if young.count >= half, young[key] == nil { (old, young) = (young, [:]) }
        young[key] = entry
        old[key] = nil
    }
}
