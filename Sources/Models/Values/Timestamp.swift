import Glibc

/// A moment in UTC, to the microsecond.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let microseconds: Int64

    /// The moment `microseconds` after 1970 began, when it lies in the years 1 to 9999.
    public init?(microseconds: Int64) {
        guard microseconds >= Self.first, microseconds <= Self.last else { return nil }
        self.microseconds = microseconds
    }

    private init(unchecked microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// 1970-01-01T00:00:00Z.
    public static let epoch = Timestamp(unchecked: 0)
    private static let first: Int64 = -62_135_596_800_000_000
    private static let last: Int64 = 253_402_300_799_999_999

    /// The system's wall clock, for programs; everything testable is handed its time instead.
    public static func now() -> Timestamp {
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        return Timestamp(unchecked: Int64(clock.tv_sec) * 1_000_000 + Int64(clock.tv_nsec) / 1000)
    }

    /// Reads RFC 3339: date, `T`, time, up to nine decimals (those below a microsecond are cut off) and a zone, all of
    /// them required but the decimals. Refuses days and times that do not exist, leap seconds, and blanks around it.
    public init?(rfc3339 text: some StringProtocol) {
        var text = String(text)
        guard let value = text.withUTF8({ Self(utf8: $0) }) else { return nil }
        self = value
    }

    init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count >= 20, let date = CalendarDate(utf8: UnsafeBufferPointer(rebasing: bytes[0..<10])) else {
            return nil
        }
        var reader = DigitReader(UnsafeBufferPointer(rebasing: bytes[10...]))
        guard reader.skip("T") || reader.skip("t"), let hour = reader.number(digits: 2), hour < 24, reader.skip(":"),
            let minute = reader.number(digits: 2), minute < 60, reader.skip(":"),
            let second = reader.number(digits: 2), second < 60
        else { return nil }
        var fraction = 0
        if reader.skip(".") {
            guard let read = reader.microseconds() else { return nil }
            fraction = read
        }
        guard let offset = Self.zoneMinutes(&reader), reader.isAtEnd else { return nil }
        let seconds = date.daysSince1970 * 86_400 + hour * 3600 + (minute - offset) * 60 + second
        self.init(microseconds: Int64(seconds) * 1_000_000 + Int64(fraction))
    }

    private static func zoneMinutes(_ reader: inout DigitReader) -> Int? {
        if reader.skip("Z") || reader.skip("z") { return 0 }
        let isWest = reader.skip("-")
        guard isWest || reader.skip("+"), let hours = reader.number(digits: 2), hours < 24, reader.skip(":"),
            let minutes = reader.number(digits: 2), minutes < 60
        else { return nil }
        return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }

    /// Earlier moments first.
    public static func < (left: Self, right: Self) -> Bool {
        left.microseconds < right.microseconds
    }

    /// RFC 3339 in UTC with `Z`; decimals only where there are any.
    public var description: String {
        let (days, inDay) = Self.split(microseconds, by: 86_400_000_000)
        guard let date = CalendarDate(daysSince1970: days) else { return "" }
        let (seconds, fraction) = Self.split(inDay, by: 1_000_000)
        return DigitWriter.text { writer in
            date.write(to: &writer)
            writer.put("T")
            writer.number(seconds / 3600, digits: 2)
            writer.put(":")
            writer.number(seconds / 60 % 60, digits: 2)
            writer.put(":")
            writer.number(seconds % 60, digits: 2)
            Self.writeDecimals(Int(fraction), to: &writer)
            writer.put("Z")
        }
    }

    private static func split(_ value: Int64, by divisor: Int64) -> (Int, Int64) {
        let remainder = (value % divisor + divisor) % divisor
        return (Int((value - remainder) / divisor), remainder)
    }

    private static func writeDecimals(_ fraction: Int, to writer: inout DigitWriter) {
        guard fraction != 0 else { return }
        writer.put(".")
        if fraction % 1000 == 0 {
            writer.number(fraction / 1000, digits: 3)
        } else {
            writer.number(fraction, digits: 6)
        }
    }
}
