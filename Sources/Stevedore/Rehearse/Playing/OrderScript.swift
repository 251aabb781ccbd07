/// One message of the rehearsed store.
struct RehearsedStep: Hashable, Sendable {
    enum Kind: Hashable, Sendable { case placed, amended, cancelled }

    /// The order's place, from 0.
    var index: Int
    var revision: Int
    var kind: Kind
}

/// What the rehearsed store sends, order by order: each is placed; some are changed a little later, some called off after
/// that. The same seed makes the same script.
struct OrderScript: Sendable {
    private let amendments: Double
    private let cancellations: Double
    private var random: ScriptRandom
    private var following: [Int: [RehearsedStep]] = [:]
    private(set) var book = OrderBook()

    /// How many orders later a change may come at most.
    static let longestLag = 500

    init(seed: UInt64, amendments: Double, cancellations: Double) {
        self.amendments = amendments
        self.cancellations = cancellations
        random = ScriptRandom(seed: seed)
    }

    /// The next order, and what falls due with it.
    mutating func next() -> [RehearsedStep] {
        let index = book.count
        let steps = [RehearsedStep(index: index, revision: 1, kind: .placed)] + (following[index] ?? [])
        following[index] = nil
        note(steps)
        plan(index)
        return steps
    }

    /// Whatever has not fallen due, when no more orders come.
    mutating func rest() -> [RehearsedStep] {
        let steps = following.keys.sorted().flatMap { following[$0] ?? [] }
        following = [:]
        note(steps)
        return steps
    }

    private mutating func plan(_ index: Int) {
        var (revision, due) = (1, index)
        if random.unit() < amendments {
            (revision, due) = (revision + 1, due + lag())
            following[due, default: []].append(.init(index: index, revision: revision, kind: .amended))
        }
        if random.unit() < cancellations {
            (revision, due) = (revision + 1, due + lag())
            following[due, default: []].append(.init(index: index, revision: revision, kind: .cancelled))
        }
    }

    private mutating func lag() -> Int { 1 + Int(random.unit() * Double(Self.longestLag)) }

    private mutating func note(_ steps: [RehearsedStep]) {
        for step in steps { book.note(step) }
    }
}

/// Chance that a seed repeats (SplitMix64).
struct ScriptRandom: Hashable, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// From 0 up to, not including, 1.
    mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
    }
}
