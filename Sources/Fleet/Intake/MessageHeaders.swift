/// The headers the fleet writes on retry copies and dead letters.
///
/// None starts with `x-`: the broker keeps those for itself, and AMQP 1.0 turns them into annotations.
enum MessageHeader {
    static let attempt = "stevedore-attempt"
    static let firstFailedAt = "stevedore-first-failed-at"
    static let lastFailedAt = "stevedore-last-failed-at"
    static let code = "stevedore-code"
    static let category = "stevedore-category"
    static let sentence = "stevedore-sentence"
    static let remedy = "stevedore-remedy"
    static let faults = "stevedore-faults"
    static let fingerprint = "stevedore-fingerprint"
    static let worker = "stevedore-worker"
    static let originQueue = "stevedore-origin-queue"
    static let originExchange = "stevedore-origin-exchange"
    static let originKey = "stevedore-origin-key"
    static let producerUser = "stevedore-producer-user"

    /// Headers that must not travel on: death records (kept, they make the broker drop a message as a cycle), delivery
    /// counts, and the sender-selected routing keys, which would send a second copy elsewhere.
    static func isDropped(_ name: String) -> Bool {
        name.hasPrefix("x-death") || name.hasPrefix("x-first-death-") || name.hasPrefix("x-last-death-")
            || ["x-delivery-count", "x-acquired-count", "CC", "BCC"].contains(name)
    }

    /// Text longer than this many bytes is cut, so that all headers together fit one frame.
    static let longestText = 2_048
    /// All headers together stay below this many bytes; the frame limit is 131,072.
    static let largestTable = 64 * 1_024
}
