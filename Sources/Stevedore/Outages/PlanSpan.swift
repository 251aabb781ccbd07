internal import ArgumentParser

/// How long something lasts, as a person types it: `90m`, `2h`, `1h30m`, `1d`.
struct PlanSpan: Hashable, Sendable {
    let microseconds: Int64

    /// Nil for anything but numbers with a unit each, for nothing at all, and for more than a year.
    init?(_ text: String) {
        var (seconds, number): (Int64, Int64?) = (0, nil)
        for character in text.utf8 {
            if 0x30...0x39 ~= character {
                let digits = (number ?? 0) * 10 + Int64(character - 0x30)
                guard digits <= Self.longest else { return nil }
                number = digits
            } else {
                guard let count = number, let unit = Self.units[character] else { return nil }
                seconds += count * unit
                guard seconds <= Self.longest else { return nil }
                number = nil
            }
        }
        guard number == nil, seconds > 0 else { return nil }
        microseconds = seconds * 1_000_000
    }

    /// - Throws: what is wrong with it, and how it is meant.
    init(typed text: String) throws {
        guard let span = PlanSpan(text) else {
            throw ValidationError("a duration is a number with its unit, s, m, h or d: 40m, 3h, 1h30m, 1d")
        }
        self = span
    }

    /// A year, in seconds.
    private static let longest: Int64 = 31_622_400

    private static let units: [UInt8: Int64] = [
        UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3_600, UInt8(ascii: "d"): 86_400,
    ]
}
