public import Models

/// Why a message could not be handled: a value with a stable code, a sentence for people and a remedy.
public struct Failure: Error, Hashable, Sendable {
    /// Who can do something about it, and so which road the message takes.
    public enum Category: String, Hashable, Sendable, CaseIterable {
        /// The message breaks its contract: dead letter at once.
        case malformed
        /// The called system says no, and a person can fix it: dead letter at once.
        case rejected
        /// It may work later: retry tiers, then dead letter.
        case transient
        /// The called system cannot be reached at all: the flow waits, and no attempt is spent.
        case unavailable
        /// It crashed workers: dead letter.
        case poison
    }

    /// Stable and dotted, for example `erp.unknown-sku`.
    public var code: String
    /// Which road it takes.
    public var category: Category
    /// One sentence in business language.
    public var sentence: String
    /// What to do about it.
    public var remedy: String
    /// Each fault at its place in the body, when the body is at fault.
    public var faults: [Fault]
    /// Whether what is missing may come at any time, so that the message is not tried more and more seldom.
    public var isAwaiting = false

    /// Creates a failure.
    public init(code: String, category: Category, sentence: String, remedy: String, faults: [Fault] = []) {
        self.code = code
        self.category = category
        self.sentence = sentence
        self.remedy = remedy
        self.faults = faults
    }

    /// Whether the same message may be handled later.
    var mayPass: Bool { category == .transient || category == .unavailable }

    /// A message that breaks its contract, or that this machine could not read.
    init(_ error: ContractError) {
        self.init(
            code: error.code, category: error.reason == .unable ? .transient : .malformed, sentence: error.sentence,
            remedy: error.remedy,
            faults: error.faults)
    }
}
