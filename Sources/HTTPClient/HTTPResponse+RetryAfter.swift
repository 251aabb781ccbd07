extension HTTPResponse {
    /// How long the peer asks to be left alone: `Retry-After` (RFC 9110 §10.2.3) in seconds, or as a date that is measured
    /// against the same answer's `Date`, so that a clock that is wrong on either side does not turn into a pause of hours.
    /// A day at most; nil when there is no such field, or one that says nothing.
    public var retryAfter: Duration? {
        let longest: Int64 = 86_400
        guard let text = headers["retry-after"] else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return .seconds(min(Int64(text) ?? longest, longest))
        }
        guard let until = HTTPDate.seconds(text), let now = headers["date"].flatMap(HTTPDate.seconds) else {
            return nil
        }
        return .seconds(min(max(until - now, 0), longest))
    }
}

/// The fixed-length form of RFC 9110 §5.6.7, "Sun, 06 Nov 1994 08:49:37 GMT": the only one that may be sent.
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds since 1970, or nil when the text is not such a date.
    static func seconds(_ text: String) -> Int64? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[5] == "GMT", parts[0].count == 4, parts[0].hasSuffix(",") else { return nil }
        guard let month = months.firstIndex(where: { $0 == parts[2] }) else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let day = number(parts[1], 2, 1...31), let year = number(parts[3], 4, 1...9999),
            let hour = number(clock[0], 2, 0...23), let minute = number(clock[1], 2, 0...59),
            let second = number(clock[2], 2, 0...60)
        else { return nil }
        let days = daysSince1970(year, Int64(month) + 1, day)
        return days * 86_400 + hour * 3_600 + minute * 60 + second
    }

    private static func number(_ text: Substring, _ width: Int, _ range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.count == width, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text).flatMap { range.contains($0) ? $0 : nil }
    }

    /// Counts in years that start in March, where the leap day comes last.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
