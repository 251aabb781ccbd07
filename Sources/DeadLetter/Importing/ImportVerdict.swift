/// What to do with a letter of the file.
enum ImportVerdict: Hashable, Sendable {
    /// Put it back into its queue.
    case publish
    /// It lies in its queue, but the index does not know: an import was killed there, or the ledger was lost.
    case index
    /// It lies in its queue, or somebody holds it.
    case there
    /// An earlier import put it back.
    case importedBefore
    /// It was replayed, resolved or discarded since.
    case ended

    /// - Parameters:
    ///   - isInQueue: a walk through its queue met it.
    ///   - isQueueShared: somebody held letters of the queue during the walk, which are out of sight meanwhile.
    ///   - again: what was dealt with is wanted all the same.
    init(_ memory: ImportMemory, isInQueue: Bool, isQueueShared: Bool, again: Bool) {
        let isOver = memory.wasReplayed || memory.standing.isEnded
        if isInQueue {
            let isUnknown = isOver ? again : memory.isIndexed && memory.standing == .absent
            self = isUnknown ? .index : .there
        } else if isQueueShared && memory.standing == .open {
            self = .there
        } else if !again && isOver {
            self = .ended
        } else if !again && memory.wasImported {
            self = .importedBefore
        } else {
            self = .publish
        }
    }
}

/// What the ledger remembers of a letter.
struct ImportMemory: Hashable, Sendable {
    var standing = IndexStanding.absent
    /// The index has letters of its kind; it has none that no queue wanted.
    var isIndexed = true
    /// An earlier import put this very letter back.
    var wasImported = false
    /// This very letter was replayed or discarded, so a replay would only take it off its queue.
    var wasReplayed = false
}

extension IndexStanding {
    var isEnded: Bool {
        if case .ended = self { true } else { false }
    }
}
