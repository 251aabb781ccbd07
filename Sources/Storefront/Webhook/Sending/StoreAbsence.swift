/// What all processes that post to one store have agreed on: whether it is away, and which of them tries it then.
///
/// A ``WebhookSender`` asks before each post, and says what came of each; all of it is cheap while the store is there.
public protocol StoreAbsence: Sendable {
    /// Whether an outage is known, without asking.
    var isKnown: Bool { get }
    /// How many posts may begin now: asked only when some are due.
    func admission() async -> WebhookAdmission
    /// A post was not taken, because the store is away.
    /// - Returns: whether the others know that now, so that nothing need be put off by itself.
    func failed(code: String, reason: String) async -> Bool
    /// The store has answered, be it by a refusal.
    func answered() async
    /// Nothing is due.
    func nothingWaits() async
    /// What was admitted is not posted, or its answer is not known.
    func gaveUp() async
}

/// How many posts may begin.
public enum WebhookAdmission: Hashable, Sendable {
    /// As many as the sender has room for.
    case all
    /// A single one, which finds out for all whether the store is back.
    case one
    /// None now.
    case later
}
