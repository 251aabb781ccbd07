#if canImport(Glibc)
    internal import Glibc
#endif

/// What a clock on the wall shows, by the offset of its zone from UTC at a moment; daylight saving is in the offset.
package struct WallClock: Sendable {
    /// Seconds east of UTC at a time in seconds since 1970.
    private let offset: @Sendable (Int64) -> Int64

    package init(offset: @escaping @Sendable (Int64) -> Int64) { self.offset = offset }

    /// The machine's zone: `TZ`, or else `/etc/localtime`.
    package static let machine = WallClock { seconds in
        var (moment, local) = (time_t(seconds), tm())
        return localtime_r(&moment, &local) == nil ? 0 : Int64(local.tm_gmtoff)
    }

    /// Always as far from UTC.
    package static func fixed(secondsEast: Int64) -> WallClock { WallClock { _ in secondsEast } }

    /// Minutes after midnight, 0 to 1439, at a time in seconds since 1970.
    package func minute(at seconds: Int64) -> Int {
        let local = seconds + offset(seconds)
        return Int((local % 86_400 + 86_400) % 86_400 / 60)
    }

    /// Whether the offset is the same at both times.
    func isSteady(_ first: Int64, _ second: Int64) -> Bool { offset(first) == offset(second) }
}
