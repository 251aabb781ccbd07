import Foundation
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Times of a planned outage, as people type them")
struct OutagesTimeTests {
    private static func berlin() throws -> WallClock {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        return WallClock { Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval($0)))) }
    }

    /// The moment that is meant, on a clock in Berlin.
    private static func meant(_ text: String, now: String, after earliest: String? = nil) throws -> String? {
        let time = try #require(PlanTime(text))
        let start = try #require(Timestamp(rfc3339: now)).microseconds
        let limit = try earliest.map { try #require(Timestamp(rfc3339: $0)).microseconds } ?? start
        let moment = time.microseconds(now: start, after: limit, clock: try berlin())
        return moment.flatMap { Timestamp(microseconds: $0) }?.description
    }

    @Test(
        "a date with a zone, a time on this machine's clock, or a span from now",
        arguments: [
            ("2026-03-10T22:00+01:00", "2026-03-10T21:00:00Z"), ("2026-03-10T22:00Z", "2026-03-10T22:00:00Z"),
            ("2026-03-10T22:00:30Z", "2026-03-10T22:00:30Z"), ("now", "2026-03-10T12:00:30Z"),
            ("+2h", "2026-03-10T14:00:30Z"), ("+1h30m", "2026-03-10T13:30:30Z"), ("+1d", "2026-03-11T12:00:30Z"),
            // It is half past one in Berlin.
            ("22:00", "2026-03-10T21:00:00Z"), ("7:05", "2026-03-11T06:05:00Z"), ("13:00", "2026-03-11T12:00:00Z"),
            ("13:01", "2026-03-10T12:01:00Z"),
        ])
    func times(text: String, moment: String) throws {
        #expect(try Self.meant(text, now: "2026-03-10T12:00:30Z") == moment)
    }

    @Test("an end on the clock is the next one after the start, not after now")
    func end() throws {
        let end = try Self.meant("01:00", now: "2026-03-10T12:00:00Z", after: "2026-03-12T21:00:00Z")
        #expect(end == "2026-03-13T00:00:00Z")
    }

    @Test("a time that the clock leaves out in spring is that of the next day")
    func spring() throws {
        #expect(try Self.meant("02:30", now: "2026-03-29T00:00:00Z") == "2026-03-30T00:30:00Z")
    }

    @Test(
        "anything else is no time",
        arguments: [
            "", "22", "24:00", "22:60", "22:0", "022:00", " 22:00", "2026-03-10", "2026-03-10T22:00",
            "2026-03-10T22:00:00", "2026-02-30T22:00Z", "tomorrow", "+", "+2", "+2x", "2h", "-2h", "+-2h",
            "+99999999999999999999h",
        ])
    func noTime(text: String) {
        #expect(PlanTime(text) == nil)
    }

    @Test(
        "a span is numbers with their units",
        arguments: [("90m", 5_400), ("1h30m", 5_400), ("2h", 7_200), ("1d", 86_400), ("45s", 45)])
    func spans(text: String, seconds: Int) {
        #expect(PlanSpan(text)?.microseconds == Int64(seconds) * 1_000_000)
    }

    @Test("anything else is no span", arguments: ["", "0s", "h", "2", "2 h", "2h1", "1w", "367d", "é"])
    func noSpan(text: String) {
        #expect(PlanSpan(text) == nil)
    }
}
