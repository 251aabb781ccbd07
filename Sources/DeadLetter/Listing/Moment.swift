internal import ArgumentParser
internal import Models

/// A moment that a person names: by its distance from now, such as `2h`, or outright, such as `2026-12-01T00:00:00Z`.
///
/// Now is when the command was read, so that a filter says the same of a letter however long the command runs.
struct Moment: Hashable, Sendable {
    /// Since 1970.
    let microseconds: Int64

    /// So long ago, or that time.
    static func past(_ text: String, now: Timestamp = .now()) throws(ValidationError) -> Moment {
        try read(text) { now.microseconds - $0 }
    }

    /// So long from now on, or that time, which must be to come.
    static func future(_ text: String, now: Timestamp = .now()) throws(ValidationError) -> Moment {
        let moment = try read(text) { now.microseconds + $0 }
        guard moment.microseconds > now.microseconds else { throw ValidationError("\(text) is over already") }
        return moment
    }

    private static func read(_ text: String, _ place: (Int64) -> Int64) throws(ValidationError) -> Moment {
        if let span = span(text) { return Moment(microseconds: place(span)) }
        if let time = Timestamp(rfc3339: text) { return Moment(microseconds: time.microseconds) }
        throw ValidationError("that is a span such as 30m, 2h or 7d, or a time such as 2026-12-01T00:00:00Z")
    }

    /// The microseconds of `90s`, `30m`, `2h`, `7d` or `2w`; nil for anything else, and for more than a hundred years.
    private static func span(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [Substring: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let number = Int64(digits), number > 0, let seconds = units[text.dropFirst(digits.count)],
            number <= 36_500 * 86_400 / seconds
        else { return nil }
        return number * seconds * 1_000_000
    }
}
