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
    /// Whether the filter leaves nothing out of the queues that are looked into.
    private let isOpen: Bool
    /// What no flow takes can be given up, but not sent.
    private let isForFlows: Bool
    /// Of those asked for by id.
    private var found: Set<String> = []
    /// Whether any letter was meant.
    private(set) var hasFound = false
    /// Routing keys of letters that would only come back, because no flow takes them.
    private(set) var unwanted: Set<String> = []

    init(ids: [String], filter: LetterFilter, isForFlows: Bool = true) {
        self.ids = ids.isEmpty ? nil : Set(ids)
        self.filter = filter
        isOpen = filter.isOpen
        self.isForFlows = isForFlows
    }

    /// Whether the letter is one of those asked for.
    func means(_ letter: Letter) -> Bool { (ids?.contains(letter.id) ?? true) && matches(letter) }

    private func matches(_ letter: Letter) -> Bool {
        if isOpen, case .dead = letter.source { return true }
        return filter.matches(letter)
    }

    mutating func judge(_ letter: Letter, wasReplayed: Bool) -> Verdict {
        judge(letter, isMeant: means(letter), wasReplayed: wasReplayed)
    }

    mutating func judge(_ letter: Letter, isMeant: Bool, wasReplayed: Bool) -> Verdict {
        guard isMeant else { return .skip }
        hasFound = true
        if ids != nil { found.insert(letter.id) }
        guard letter.isWanted || !isForFlows else {
            unwanted.insert(letter.routingKey)
            return .skip
        }
        return wasReplayed ? .remove : .replay
    }

    /// The ids asked for that were nowhere.
    var missing: [String] { (ids ?? []).subtracting(found).sorted() }
}

extension LetterFilter {
    /// Whether it means every dead letter, so that nothing of one has to be looked at.
    fileprivate var isOpen: Bool {
        [flow, code, category, queue, type, subject, fingerprint].allSatisfy { $0 == nil } && older == nil
            && newer == nil
    }
}
