/// What would come of a letter if it were replayed now.
enum LetterVerdict: Hashable, Sendable {
    /// Nothing that is known stands in its way.
    case willApply
    /// Its object has arrived with just this content.
    case alreadyApplied
    /// A newer revision of its object has arrived.
    case superseded(by: Int64)
    /// It breaks its contract still, or says otherwise what another message has said.
    case stillInvalid(String)
    /// What it refers to is not there yet.
    case dependencyMissing(String)

    /// The kinds, in the order of a plan.
    enum Kind: String, Hashable, Sendable, CaseIterable {
        case willApply = "will apply"
        case alreadyApplied = "already applied"
        case superseded
        case stillInvalid = "still invalid"
        case dependencyMissing = "dependency missing"
    }

    var kind: Kind {
        switch self {
        case .willApply: .willApply
        case .alreadyApplied: .alreadyApplied
        case .superseded: .superseded
        case .stillInvalid: .stillInvalid
        case .dependencyMissing: .dependencyMissing
        }
    }

    /// The same of a message that is applied again where it has been.
    var restated: LetterVerdict { self == .alreadyApplied ? .willApply : self }

    /// Why, in a sentence; empty when there is nothing to say.
    var reason: String {
        switch self {
        case .willApply: ""
        case .alreadyApplied: "Its object has arrived as it says."
        case .superseded(let revision): "Revision \(revision) of its object has arrived."
        case .stillInvalid(let sentence), .dependencyMissing(let sentence): sentence
        }
    }
}

extension LetterVerdict.Kind {
    /// Whether a replay leaves such letters unless it is forced.
    var isLeft: Bool { self == .stillInvalid || self == .dependencyMissing }

    /// What a replay does with such letters.
    var deed: String {
        switch self {
        case .willApply: "sent back to the flow"
        case .alreadyApplied, .superseded: "taken off the queue, resolved"
        case .stillInvalid, .dependencyMissing: "left, unless --force"
        }
    }
}
