/// The headers the fleet writes on retry copies and dead letters.
///
/// None starts with `x-`: the broker keeps those for itself, and AMQP 1.0 turns them into annotations.
package enum MessageHeader {
    package static let attempt = "stevedore-attempt"
    package static let firstFailedAt = "stevedore-first-failed-at"
    package static let lastFailedAt = "stevedore-last-failed-at"
    package static let code = "stevedore-code"
    package static let category = "stevedore-category"
    package static let sentence = "stevedore-sentence"
    package static let remedy = "stevedore-remedy"
    package static let faults = "stevedore-faults"
    package static let fingerprint = "stevedore-fingerprint"
    package static let worker = "stevedore-worker"
    package static let originQueue = "stevedore-origin-queue"
    package static let originExchange = "stevedore-origin-exchange"
    package static let originKey = "stevedore-origin-key"
    package static let producerUser = "stevedore-producer-user"
    /// Says that what the message waits for may come at any time, so that it is not tried more and more seldom.
    package static let awaiting = "stevedore-awaiting"
    /// Says of a copy that was given back that it may be what crashes workers, and has not been tried to its end.
    package static let suspect = "stevedore-suspect"
    /// Says that a copy was made without its foreign headers and properties, and why.
    package static let reduced = "stevedore-reduced"
    /// Says that a person has asked for the object to be told again, so that it is written even where it is known.
    package static let restated = "stevedore-restated"
    /// Says when what the message said of a person was taken out of it.
    package static let erased = "stevedore-erased"
    package static let replayedBy = "stevedore-replayed-by"
    package static let replayReason = "stevedore-replayed-reason"
    package static let replayedAt = "stevedore-replayed-at"

    /// Headers that must not travel on: death records (kept, they make the broker drop a message as a cycle), delivery
    /// counts, a suspicion, and the sender-selected routing keys, which would send a second copy elsewhere.
    package static func isDropped(_ name: String) -> Bool {
        name.hasPrefix("x-death") || name.hasPrefix("x-first-death-") || name.hasPrefix("x-last-death-")
            || dropped.contains(name)
    }

    private static let dropped: Set<String> = ["x-delivery-count", "x-acquired-count", suspect, "CC", "BCC"]

    /// Whether the fleet itself writes headers of such a name.
    package static func isOurs(_ name: String) -> Bool { name.hasPrefix("stevedore-") && name.utf8.count <= 64 }

    /// Text longer than this many bytes is cut, so that all headers together fit one frame.
    package static let longestText = 2_048
    /// All headers together stay below this many bytes; the frame limit is 131,072.
    package static let largestTable = 64 * 1_024
}
