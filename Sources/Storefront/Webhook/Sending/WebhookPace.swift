/// How many posts one process makes at once: several while the store takes them, one now and then while it takes none.
///
/// A store that is away fails posts of many objects, and each would be tried for nothing; one object that a store
/// cannot take fails alone. So only failures of several objects, with no success between them, slow everything down,
/// never for longer than ``longestRest`` at a time. That is for a store that is there and takes nothing from us, and
/// until all processes know that it is away: then ``StoreAbsence`` says who posts, and this begins anew.
struct WebhookPace: Sendable {
    static let longestRest: Duration = .seconds(30)
    private static let objectsUntilOutage = 5

    let limit: Int
    private var failing: Set<Int64> = []
    private var failures = 0
    private var restUntil: ContinuousClock.Instant?

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether the store as a whole seems to be away.
    var isOutage: Bool { failing.count >= Self.objectsUntilOutage }

    /// How many posts may begin now.
    func room(inFlight: Int, now: ContinuousClock.Instant) -> Int {
        guard isOutage else { return max(limit - inFlight, 0) }
        return inFlight == 0 && restUntil.map({ $0 <= now }) ?? true ? 1 : 0
    }

    /// The store took a post, or refused it in a way that says that it is there.
    mutating func noteAnswer() {
        failing = []
        failures = 0
        restUntil = nil
    }

    /// The store did not take a post of this object, and it may be the store's fault.
    mutating func noteFailure(of object: Int64, now: ContinuousClock.Instant) {
        // More of them would tell nothing new.
        if !isOutage { failing.insert(object) }
        // Those that were on their way together failed of one cause.
        guard isOutage, restUntil.map({ $0 <= now }) ?? true else { return }
        restUntil = now + min(Self.longestRest, .seconds(1 << min(failures, 5)))
        failures += 1
    }
}
