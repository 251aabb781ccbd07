internal import Fleet
internal import Models

/// Times of the ledger as people and programs read them; a time that is not known is zero there.
enum TimeText {
    /// `2026-03-01T10:00:00Z`, or `-`.
    static func text(_ microseconds: Int64) -> String {
        microseconds > 0 ? Timestamp(microseconds: microseconds)?.description ?? "-" : "-"
    }

    /// The same as JSON, or null.
    static func json(_ microseconds: Int64?) -> JSONValue {
        guard let microseconds, microseconds > 0 else { return .null }
        return .optional(Timestamp(microseconds: microseconds)?.description)
    }

    /// `2h 10m`, or `-`.
    static func age(_ microseconds: Int64, now: Int64) -> String {
        microseconds > 0 ? Age.text(microseconds: now - microseconds) : "-"
    }
}
