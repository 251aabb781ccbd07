/// Where the broker refuses messages (basic.nack), and since when: a pure note of nacks that no ack has followed.
///
/// A channel keeps in mind where the leader of each queue was. When that node dies, RabbitMQ refuses what the channel sends
/// to such a queue for good, though the queue has a new leader long since, and a new channel would find it (seen at 3.10.8).
struct Refusals {
    /// For how long a place refuses before a new channel is tried: a full queue refuses, too, and a leader is chosen sooner.
    static let patience = Duration.seconds(1)
    /// Publishers with more places than this begin to count anew.
    private static let most = 1_000

    private var since: [[UInt8]: ContinuousClock.Instant] = [:]

    /// Whether nothing is refused.
    var isEmpty: Bool { since.isEmpty }

    /// A message was refused; true when its place has refused all for so long that a new channel may help.
    mutating func refused(_ message: EncodedMessage, at now: ContinuousClock.Instant) -> Bool {
        let place = Self.place(of: message)
        if let begin = since[place] { return begin.duration(to: now) >= Self.patience }
        if since.count >= Self.most { since = [:] }
        since[place] = now
        return false
    }

    /// A message was taken.
    mutating func taken(_ message: EncodedMessage) { since[Self.place(of: message)] = nil }

    private static func place(of message: EncodedMessage) -> [UInt8] {
        // The length tells exchange from key.
        [UInt8(truncatingIfNeeded: message.exchange.count)] + message.head[..<message.routingKey.upperBound]
    }
}
