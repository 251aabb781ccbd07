internal import Ledger

/// What the ledger alone can say of a message, so that nobody is called for it.
public enum Ruling: Sendable {
    /// A newer revision of its object was taken, and restates all of it: that one goes in its place.
    case overtaken(by: Int64)
    /// That newer revision calls the object off before the other system has ever heard of it: neither of them goes there.
    case withheld(by: Int64)
    /// This is what comes of it, as if the other system had answered.
    case answered(Effect)
}

extension Ruling {
    /// Its name in the journal.
    var stage: String {
        switch self {
        case .overtaken: "superseded"
        case .withheld: "withheld"
        case .answered: "applied"
        }
    }

    /// What the journal adds to it.
    var detail: String {
        switch self {
        case .overtaken(let revision): "revision \(revision) has been taken, and goes in its place"
        case .withheld(let revision): "revision \(revision) calls it off before it was ever sent"
        case .answered(let effect): "\(effect.state), and never sent"
        }
    }

    /// What is left in the ledger; nil when another message settles that.
    var effect: Effect? {
        switch self {
        case .overtaken: nil
        case .withheld: Effect(state: SubjectState.withheld, reference: nil)
        case .answered(let effect): effect
        }
    }

    /// How it is counted.
    var ending: FlowMetrics.Ending {
        switch self {
        case .overtaken, .withheld: .superseded
        case .answered: .applied
        }
    }
}
