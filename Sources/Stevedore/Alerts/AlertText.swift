internal import Fleet
internal import Models

/// Alerts and their notices in words, and as programs read them.
enum AlertText {
    /// `2026-03-01T10:00:00Z`, or `-`.
    static func time(_ microseconds: Int64?) -> String { microseconds.map { WhyTime.text($0) } ?? "-" }

    /// The same as JSON, or null.
    static func json(time microseconds: Int64?) -> JSONValue { .optional(microseconds.map { WhyTime.text($0) }) }

    /// `in 2m 3s`, or `now`.
    static func due(_ time: Int64, now: Int64) -> String {
        time - now < 1_000_000 ? "now" : "in \(Age.text(microseconds: time - now))"
    }

    /// `30s`, `2h 10m`.
    static func span(_ duration: Duration) -> String { Age.text(microseconds: Int64(duration / .microseconds(1))) }

    /// `18450.20 USD, 12 EUR`, or `-`.
    static func stakes(_ alert: Alert) -> String {
        alert.atStake.isEmpty ? "-" : alert.atStake.map(\.text).joined(separator: ", ")
    }

    /// `anna@example.com`, or `the webhook`.
    static func recipient(_ notice: AlertNotice) -> String {
        notice.channel == .webhook ? "the webhook" : notice.recipient
    }

    /// What is said.
    static func occasion(_ occasion: AlertNotice.Occasion) -> String {
        switch occasion {
        case .raised: "it has begun"
        case .again: "it happened again"
        case .escalated: "nobody has acted"
        case .resolved: "it has ended"
        }
    }

    /// What has become of a notice.
    static func fate(_ notice: AlertNotice, now: Int64) -> String {
        let reason = notice.reason.map { ": \($0)" } ?? ""
        switch notice.state {
        case .sent: return "sent at \(time(notice.endedAt))\(reason)"
        case .refused: return "refused at \(time(notice.endedAt))\(reason)"
        case .dropped: return "not sent\(reason)"
        case .due where notice.attempts > 0:
            let tries = Count.text(Int(notice.attempts), "try", "tries")
            return "\(tries) in vain\(reason); the next \(due(notice.dueAt, now: now))"
        case .due: return "due \(due(notice.dueAt, now: now))\(reason)"
        }
    }

    static func json(_ notice: AlertNotice) -> JSONValue {
        [
            "episode": json(time: notice.episode), "occasion": .string(notice.occasion.rawValue),
            "channel": .string(notice.channel.rawValue), "recipient": .string(notice.recipient),
            "rule": .string(notice.rule), "state": .string(notice.state.rawValue), "dueAt": json(time: notice.dueAt),
            "endedAt": json(time: notice.endedAt), "attempts": .integer(notice.attempts),
            "message": .optional(notice.message), "reason": .optional(notice.reason),
        ]
    }
}
