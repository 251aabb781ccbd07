internal import Fleet

/// What a person wants done with letters, as a command line says it.
struct LetterErrand {
    /// What is done.
    enum Deed: Hashable, Sendable {
        case replay
        case discard

        var verb: String { self == .replay ? "replay" : "discard" }
        /// The name of the number in JSON.
        var member: String { verb + "ed" }
    }

    var deed: Deed
    var filter: LetterFilter
    /// Only these; all that the filter matches when empty.
    var ids: [String]
    var order: ReplayOrder
    var isDryRun: Bool
    var isJSON: Bool
    /// Whether somebody agreed to any number of letters.
    var isApproved: Bool
    /// At most so many letters a second.
    var rate: Double?
    /// Sends also what would fail again.
    var isForced = false
    /// How long to wait for what comes of each step; nil waits for nothing.
    var patience: Duration?
    /// Corrects each letter before it is sent; nil sends it as it is.
    var recipe: AppliedRecipe?
    /// Tells the store of an order that is discarded, and that the ERP has nothing of, that it is rejected.
    var tellsStore = false
    /// Goes on where there is no ledger.
    var withoutLedger = false

    /// More than these have to be agreed to.
    static let unasked = 1_000
}
