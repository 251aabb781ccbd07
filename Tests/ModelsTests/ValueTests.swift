import Foundation
import Models
import Testing

@Suite("Values")
struct ValueTests {
    @Test(
        "times are read with their zone",
        arguments: [
            ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"), ("2026-03-01T12:00:00+01:00", "2026-03-01T11:00:00Z"),
            ("2026-03-01T12:00:00.5-05:30", "2026-03-01T17:30:00.500Z"),
            ("2024-02-29T23:59:59.999999Z", "2024-02-29T23:59:59.999999Z"),
            ("2026-03-01t12:00:00.1234567z", "2026-03-01T12:00:00.123456Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"), ("1969-12-31T23:59:59.250Z", "1969-12-31T23:59:59.250Z"),
        ])
    func times(text: String, expected: String) {
        #expect(Timestamp(rfc3339: text)?.description == expected)
    }

    @Test(
        "times that do not exist, or have no zone, are refused",
        arguments: [
            "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "2026-01-01T23:59:60Z", "2026-01-01T00:00:00", "2026-01-01", "10000-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z", "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+0100",
            "2026-01-01 00:00:00Z", " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z ", "26-01-01T00:00:00Z", "",
            "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        ])
    func badTimes(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("times agree with Foundation's calendar over ten millennia", arguments: 1...8)
    func timesAgreeWithFoundation(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let style = Date.ISO8601FormatStyle()
        for _ in 0..<200 {
            let seconds = Int64.random(in: -62_135_596_800...253_402_300_799, using: &generator)
            let time = try #require(Timestamp(microseconds: seconds * 1_000_000))
            #expect(Timestamp(rfc3339: time.description) == time)
            // Foundation keeps the Julian calendar before 1582.
            guard seconds > -12_000_000_000 else { continue }
            #expect(Date(timeIntervalSince1970: Double(seconds)).formatted(style) == time.description)
        }
    }

    @Test(
        "dates are strict",
        arguments: ["2026-02-29", "2026-2-01", "2026-02-1", "20260201", "2026-02-01 ", "2026/02/01", "0000-01-01"])
    func badDates(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test("dates are compared and written")
    func dates() throws {
        let leap = try #require(CalendarDate("2024-02-29"))
        #expect(leap.description == "2024-02-29")
        #expect(try #require(CalendarDate(year: 2024, month: 3, day: 1)) > leap)
    }

    @Test("codes are those of the published lists, in capitals")
    func codes() {
        #expect(Currency("USD")?.minorUnits == 2)
        #expect(Currency("JPY")?.minorUnits == 0)
        #expect(Currency("BHD")?.minorUnits == 3)
        for text in ["usd", "US", "USDX", "XXX", "XAU", "", "U D", "ÜSD"] { #expect(Currency(text) == nil) }
        #expect(CountryCode("DE")?.code == "DE")
        for text in ["de", "XX", "UK", "D", "DEU", ""] { #expect(CountryCode(text) == nil) }
        for text in ["C62", "MTR", "KGM", "H87", "EA", "LTR", "XBX", "4G"] { #expect(UnitCode(text)?.code == text) }
        for text in ["c62", "PIECE", "Q9Q", "", "XQQQ", "\u{0}EA"] { #expect(UnitCode(text) == nil) }
        for text in ["ZWG", "XCG"] { #expect(Currency(text)?.minorUnits == 2) }
        for text in ["HRK", "CUC", "SLL", "ZWL"] { #expect(Currency(text) == nil) }
        #expect(CountryCode("\u{0}\u{0}DE") == nil && Currency("\u{0}USD") == nil)
        #expect(Currency.knownCodes.allSatisfy { Currency($0)?.code == $0 })
        #expect(UnitCode.knownCodes.allSatisfy { UnitCode($0)?.code == $0 })
        #expect(CountryCode.knownCodes.count == 249)
    }

    @Test(
        "units in which goods are traded are known",
        arguments: [
            "LF", "BFT", "BP", "P5", "TP", "HC", "T3", "AB", "LO", "CNP", "HBX", "SQR", "FC", "JPS", "STC", "SW", "HA",
            "E49", "E51", "ACT", "XSX", "XPX", "XO1", "XO9", "XOG", "XOZ", "XCT", "XZZ",
        ])
    func units(code: String) {
        #expect(UnitCode(code)?.code == code)
    }

    @Test("message ids are UUIDs of version 7 that sort by time")
    func messageIDs() throws {
        var generator = SeededGenerator(seed: 7)
        let times = (0..<50).compactMap { Timestamp(microseconds: 1_772_366_400_000_000 + $0 * 1000) }
        let ids = times.map { MessageID.next(at: $0, using: &generator) }
        #expect(ids == ids.sorted())
        #expect(ids.allSatisfy { UUID(uuidString: $0) != nil && $0.utf8.count == 36 && $0 == $0.lowercased() })
        #expect(ids.allSatisfy { $0.dropFirst(14).first == "7" && "89ab".contains($0.dropFirst(19).first ?? " ") })
        #expect(ids[0].hasPrefix("019ca9"))
        #expect(MessageID.next() != MessageID.next())
    }

    @Test("a content hash survives its bytes")
    func contentHash() throws {
        let hash = ContentHash(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
        #expect(hash.description == "0123456789abcdeffedcba9876543210")
        #expect(ContentHash(bytes: hash.bytes) == hash)
        #expect(ContentHash(bytes: [1, 2, 3]) == nil)
    }
}
