/// Where the broker refuses messages (basic.nack), and since when: a pure note of nacks that no ack has followed.
///
/// A channel keeps in mind where the leader of each queue was. When that node dies, RabbitMQ refuses what the channel sends
/// to such a queue for good, though the queue has a new leader long since, and a new channel would find it (seen at 3.10.8).
/// A full queue refuses as well, and no channel helps it: so each new one that did not help is followed by a longer wait.
struct Refusals {
    private struct Place {
        var since: ContinuousClock.Instant?
        var patience = Duration.seconds(1)
    }

    private static let mostPatience = Duration.seconds(300)
    /// For how long the answers of a stale channel are waited for: what goes elsewhere has to go on.
    private static let longestStaleness = Duration.seconds(5)
    /// Publishers with more places than this begin to count anew.
    private static let most = 1_000

    private var places: [[UInt8]: Place] = [:]
    private var staleSince: ContinuousClock.Instant?

    /// Whether nothing is refused.
    var isEmpty: Bool { places.isEmpty }

    /// Whether a new channel may help: nothing is to be sent before all answers are there and another one is open.
    var isStale: Bool { staleSince != nil }

    /// When the answers have been waited for long enough; nil once they have.
    func deadline(after now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        staleSince.map { $0.advanced(by: Self.longestStaleness) }.flatMap { $0 > now ? $0 : nil }
    }

    /// A message was refused.
    mutating func refused(_ message: EncodedMessage, at now: ContinuousClock.Instant) {
        let key = Self.key(of: message)
        if places.count >= Self.most, places[key] == nil { places = [:] }
        var place = places[key] ?? Place()
        let since = place.since ?? now
        place.since = since
        places[key] = place
        if since.duration(to: now) >= place.patience, staleSince == nil { staleSince = now }
    }

    /// A message was taken.
    mutating func taken(_ message: EncodedMessage) { places[Self.key(of: message)] = nil }

    /// Whether another channel is to be opened now; one with answers missing goes on after a while.
    mutating func mayRenew(unanswered: Int, at now: ContinuousClock.Instant) -> Bool {
        guard isStale, unanswered > 0 else { return isStale }
        if deadline(after: now) == nil { startOver() }
        return false
    }

    /// There will be no new channel for now.
    private mutating func startOver() {
        staleSince = nil
        for key in places.keys { places[key]?.since = nil }
    }

    /// There is a new channel.
    mutating func tried() {
        staleSince = nil
        for key in places.keys {
            guard let place = places[key], place.since != nil else { continue }
            places[key] = Place(since: nil, patience: min(place.patience * 2, Self.mostPatience))
        }
    }

    private static func key(of message: EncodedMessage) -> [UInt8] {
        // The length tells exchange from routing key.
        [UInt8(truncatingIfNeeded: message.exchange.count)] + message.head[..<message.routingKey.upperBound]
    }
}
