import Foundation
import Models
import Testing

@testable import Fleet

@Suite("Quiet hours")
struct QuietHoursTests {
    private static func end(_ hours: String, _ moment: String, _ zone: String = "UTC") throws -> String? {
        let hours = try #require(QuietHours(hours))
        let start = try #require(Timestamp(rfc3339: moment))
        let end = hours.end(of: start.microseconds, clock: try clock(zone))
        return end.flatMap { Timestamp(microseconds: $0) }?.description
    }

    private static func clock(_ zone: String) throws -> WallClock {
        let zone = try #require(TimeZone(identifier: zone))
        return WallClock { Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval($0)))) }
    }

    @Test(
        "a moment inside ends with the hours, over midnight or not",
        arguments: [
            ("22:00-07:00", "2026-03-10T22:00:00Z", "2026-03-11T07:00:00Z"),
            ("22:00-07:00", "2026-03-10T23:59:59Z", "2026-03-11T07:00:00Z"),
            ("22:00-07:00", "2026-03-11T06:59:59.999999Z", "2026-03-11T07:00:00Z"),
            ("12:00-13:30", "2026-03-10T12:15:07Z", "2026-03-10T13:30:00Z"),
            ("09:00-00:00", "2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z"),
        ])
    func inside(hours: String, moment: String, end: String) throws {
        #expect(try Self.end(hours, moment) == end)
    }

    @Test(
        "a moment outside has no end",
        arguments: [
            ("22:00-07:00", "2026-03-10T07:00:00Z"), ("22:00-07:00", "2026-03-10T21:59:59Z"),
            ("12:00-13:30", "2026-03-10T13:30:00Z"), ("12:00-13:30", "2026-03-10T11:59:59Z"),
        ])
    func outside(hours: String, moment: String) throws {
        #expect(try Self.end(hours, moment) == nil)
    }

    @Test(
        "the hours are those of the zone, on the days when its clocks change as well",
        arguments: [
            // A usual night in Berlin, UTC+1.
            ("22:00-07:00", "2026-03-10T21:30:00Z", "2026-03-11T06:00:00Z"),
            // 2026-03-29: two o'clock becomes three, and the night is an hour shorter.
            ("22:00-07:00", "2026-03-28T21:30:00Z", "2026-03-29T05:00:00Z"),
            // Half past two does not come: the hours are over when the clock jumps.
            ("22:00-02:30", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z"),
            // 2026-10-25: three o'clock becomes two, and the night is an hour longer.
            ("22:00-07:00", "2026-10-24T20:30:00Z", "2026-10-25T06:00:00Z"),
            // Half past two comes twice; in the second hour the second one counts.
            ("22:00-02:30", "2026-10-25T00:10:00Z", "2026-10-25T00:30:00Z"),
            ("22:00-02:30", "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z"),
        ])
    func daylightSaving(hours: String, moment: String, end: String) throws {
        #expect(try Self.end(hours, moment, "Europe/Berlin") == end)
    }

    @Test("a zone with half an hour is no exception")
    func halfHours() throws {
        #expect(try Self.end("22:00-07:00", "2026-03-10T17:00:00Z", "Asia/Kolkata") == "2026-03-11T01:30:00Z")
    }

    @Test("the machine's clock shows what the system's zone says")
    func machine() throws {
        for moment in [0, 1_782_864_000, 1_798_761_600] as [Int64] {
            let offset = TimeZone.current.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(moment)))
            #expect(
                WallClock.machine.minute(at: moment)
                    == WallClock.fixed(secondsEast: Int64(offset)).minute(at: moment))
        }
    }

    @Test("hours are written as they are read")
    func text() throws {
        #expect(try #require(QuietHours("7:05 - 22:00")).text == "07:05-22:00")
    }

    @Test(
        "what is no span of hours is none",
        arguments: [
            "", "22:00", "22:00-22:00", "24:00-07:00", "22:60-07:00", "22-7", "22:00-07:00-08:00", "a:bc-07:00",
        ])
    func wrong(text: String) {
        #expect(QuietHours(text) == nil)
    }
}
