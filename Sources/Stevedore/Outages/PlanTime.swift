internal import ArgumentParser
internal import Fleet
internal import Models

/// A time as a person types it: `2026-03-10T22:00+01:00`, `22:00` on this machine's clock, `+2h` from now, or `now`.
enum PlanTime: Hashable, Sendable {
    /// In microseconds since 1970.
    case moment(Int64)
    /// In minutes after midnight: the next time that the clock on the wall shows it.
    case clock(Int)
    /// So many microseconds from now.
    case later(Int64)

    /// Nil for anything else. Seconds may be left out; the zone may not, because who reads the plan may be elsewhere.
    init?(_ text: String) {
        if text == "now" {
            self = .later(0)
        } else if text.hasPrefix("+") {
            guard let span = PlanSpan(String(text.dropFirst())) else { return nil }
            self = .later(span.microseconds)
        } else if let minute = Self.minute(text) {
            self = .clock(minute)
        } else if let time = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: Self.withSeconds(text)) {
            self = .moment(time.microseconds)
        } else {
            return nil
        }
    }

    /// - Throws: what is wrong with it, and how it is meant.
    init(typed text: String) throws {
        guard let time = PlanTime(text) else {
            throw ValidationError(
                "a time is one on this machine's clock from 0:00 to 23:59 (22:00), so long from now (+2h), now, or a date "
                    + "and a time with a zone (2026-03-10T22:00+01:00)")
        }
        self = time
    }

    /// `22:00`, `7:30`.
    private static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), hours < 24, minutes < 60
        else { return nil }
        return hours * 60 + minutes
    }

    /// `2026-03-10T22:00Z` with its seconds.
    private static func withSeconds(_ text: String) -> String {
        "\(text.prefix(16)):00\(text.dropFirst(16))"
    }

    /// In microseconds since 1970; nil where no day soon has that time.
    /// - Parameter earliest: What a time on the clock comes after.
    func microseconds(now: Int64, after earliest: Int64, clock: WallClock = .machine) -> Int64? {
        switch self {
        case .moment(let time): time
        case .later(let span): now &+ span
        case .clock(let minute): Self.next(minute, after: earliest, clock)
        }
    }

    /// Minute by minute: at most two days of them, because a day in spring may leave a time out.
    private static func next(_ wanted: Int, after earliest: Int64, _ clock: WallClock) -> Int64? {
        let seconds = earliest / 1_000_000
        let start = seconds - ((seconds % 60) + 60) % 60
        let minutes = (1...Int64(2 * 1_440)).lazy.map { start + $0 * 60 }
        return minutes.first { clock.minute(at: $0) == wanted }.map { $0 * 1_000_000 }
    }
}
