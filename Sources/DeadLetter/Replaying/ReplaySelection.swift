/// Which letters a replay takes, in the order in which they lie in their queue; that keeps the order of each subject.
struct ReplaySelection {
    /// What to do with a letter at the front of the queue.
    enum Verdict: Hashable {
        /// Publish it again.
        case replay
        /// An earlier run published it and was killed before it could take it off the queue.
        case remove
        /// It stays.
        case skip
    }

    /// By id; nil means all that the filter matches.
    private let ids: Set<String>?
    private let filter: LetterFilter
    private(set) var found: Set<String> = []
    /// Routing keys of letters that would only come back, because no flow takes them.
    private(set) var unwanted: Set<String> = []

    init(ids: [String], filter: LetterFilter) {
        self.ids = ids.isEmpty ? nil : Set(ids)
        self.filter = filter
    }

    mutating func judge(_ letter: Letter, wasReplayed: Bool) -> Verdict {
        guard filter.matches(letter) && (ids?.contains(letter.id) ?? true) else { return .skip }
        found.insert(letter.id)
        guard letter.isWanted else {
            unwanted.insert(letter.routingKey)
            return .skip
        }
        return wasReplayed ? .remove : .replay
    }

    /// The ids asked for that were nowhere.
    var missing: [String] { (ids ?? []).subtracting(found).sorted() }
}
