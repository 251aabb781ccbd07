#if canImport(Glibc)
    internal import Glibc
#endif
internal import Models

/// Moments as people read them: on the clock of the machine's zone, with its offset, and in UTC.
struct LocalTime: Sendable {
    /// Seconds east of UTC at a time in seconds since 1970.
    private let offset: @Sendable (Int64) -> Int

    /// The machine's zone: `TZ`, or else `/etc/localtime`.
    static let machine = LocalTime { seconds in
        var (moment, local) = (time_t(seconds), tm())
        return localtime_r(&moment, &local) == nil ? 0 : Int(local.tm_gmtoff)
    }

    init(offset: @escaping @Sendable (Int64) -> Int) { self.offset = offset }

    /// `2026-01-05 15:04:05 +01:00 (2026-01-05 14:04:05 UTC)`; in a zone that has UTC's time, that alone.
    func text(_ time: Timestamp) -> String {
        // Floored: before 1970 the remainder is negative.
        let seconds = time.microseconds / 1_000_000 - (time.microseconds % 1_000_000 < 0 ? 1 : 0)
        let utc = "\(Self.clock(seconds)) UTC"
        let east = offset(seconds)
        guard east != 0 else { return utc }
        return "\(Self.clock(seconds + Int64(east))) \(Self.zone(east)) (\(utc))"
    }

    private static func clock(_ seconds: Int64) -> String {
        let text = Timestamp(microseconds: seconds * 1_000_000)?.description ?? ""
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    private static func zone(_ offset: Int) -> String {
        let minutes = Int(offset.magnitude) / 60
        return "\(offset < 0 ? "-" : "+")\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
