/// How long the ledger can or cannot be written, so that neither is said too soon. Times are microseconds since 1970.
struct OutcrySpell: Sendable {
    /// What is to be said.
    enum Verdict: Hashable, Sendable {
        case nothing
        /// It cannot be written, since then.
        case holds(since: Int64)
        /// It can be written again, and could not from then on.
        case over(since: Int64)
    }

    /// How long each must last.
    let patience: Int64
    private var since: Int64?
    private var calmSince: Int64?
    private var sightings = 0

    /// A machine that slept has seen nothing meanwhile: so many looks have to find it.
    private static let fewest = 3

    init(patience: Duration) { self.patience = patience.wholeMicroseconds }

    /// Notes a look. `isTold` says whether anybody is to hear of the end.
    mutating func note(isFaulty: Bool, isTold: Bool, at now: Int64) -> Verdict {
        guard isFaulty else { return noteCalm(isTold, now) }
        calmSince = nil
        sightings += 1
        // A clock that was set back makes nothing last for ever.
        let began = min(since ?? now, now)
        since = began
        return isTold || sightings >= Self.fewest && now - began >= patience ? .holds(since: began) : .nothing
    }

    private mutating func noteCalm(_ isTold: Bool, _ now: Int64) -> Verdict {
        guard let began = since else { return .nothing }
        let calm = min(calmSince ?? now, now)
        calmSince = calm
        guard isTold else {
            end()
            return .nothing
        }
        guard now - calm >= patience else { return .nothing }
        end()
        return .over(since: began)
    }

    private mutating func end() { (since, calmSince, sightings) = (nil, nil, 0) }
}
