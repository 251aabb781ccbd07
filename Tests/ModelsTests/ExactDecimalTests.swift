import Models
import Testing

@Suite("Exact decimals")
struct ExactDecimalTests {
    @Test(
        "what is not plainly a decimal is refused, whole",
        arguments: [
            "", "-", ".", "1.", ".5", "1,5", "12abc", " 12", "12 ", "+1", "-0", "-0.00", "00", "01", "1e3", "0x1F",
            "1.2.3", "1_000", "--1", "1-", "NaN", "١٢", "100000000000000000000", "1000000000000000000",
            "0.0000000001", "999999999999999999.9", "1\n", "\u{0}1",
        ])
    func refused(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test(
        "numbers that wrap around 64 bits are refused, not taken for small ones",
        arguments: [
            "-9223372036854775808", "9223372036854775807", "9223372036854775808", "18446744073709551615",
            "18446744073709551616", "18446744073709551617", "36893488147419103233", "-18446744073709551617",
            "1844674407370955161.7", "99999999999999999999", "-9999999999999999999", "1000000000.0000000000",
        ])
    func wrapping(text: String) throws {
        #expect(ExactDecimal(text) == nil)
        let body = try Fixture.edited("/data/lines/0/quantity", "\"\(text)\"")
        #expect(marks(Fixture.refusal(body)) == ["/data/lines/0/quantity decimal"])
    }

    @Test("random digits of every length agree with 128-bit integers", arguments: 1...25)
    func agreesWithInt128(length: Int) {
        var generator = SeededGenerator(seed: UInt64(length))
        for _ in 0..<400 {
            let digits = (0..<length).map { index in
                String(Int.random(in: (index == 0 && length > 1 ? 1 : 0)...9, using: &generator))
            }
            let point = Int.random(in: 0...length, using: &generator)
            let isWhole = point == 0 || point == length
            let text = isWhole ? digits.joined() : digits[..<point].joined() + "." + digits[point...].joined()
            let sign = Bool.random(using: &generator) ? "-" : ""
            let scale = isWhole ? 0 : length - point
            let units = Int128(sign + digits.joined()) ?? 0
            let isRefused = units.magnitude >= 1_000_000_000_000_000_000 || scale > 9 || (units == 0 && sign == "-")
            let read = ExactDecimal(sign + text)
            #expect((read == nil) == isRefused, "\(sign + text)")
            if let read { #expect(Int128(read.units) == units && read.scale == scale, "\(sign + text)") }
        }
    }

    @Test(
        "what is read is written the same",
        arguments: [
            "0", "0.00", "1", "1.0", "19.90", "-19.90", "0.000000001", "-0.5", "999999999999999999",
            "0.999999999", "999999999.999999999",
        ])
    func roundTrip(text: String) throws {
        #expect(try #require(ExactDecimal(text)).description == text)
    }

    @Test("equality, order and hash are numeric")
    func numeric() throws {
        let one = try #require(ExactDecimal("1"))
        let padded = try #require(ExactDecimal("1.000"))
        #expect(one == padded)
        #expect(one.hashValue == padded.hashValue)
        #expect(try #require(ExactDecimal("0.999")) < one)
        #expect(try #require(ExactDecimal("-2")) < #require(ExactDecimal("-1.5")))
        #expect(padded.significantScale == 0)
    }

    @Test("arithmetic is exact, and nil beyond eighteen digits")
    func arithmetic() throws {
        let tenth = try #require(ExactDecimal("0.1"))
        let fifth = try #require(ExactDecimal("0.2"))
        #expect(tenth.adding(fifth) == ExactDecimal("0.3"))
        #expect(tenth.subtracting(fifth) == ExactDecimal("-0.1"))
        #expect(tenth.multiplied(by: fifth) == ExactDecimal("0.02"))
        let largest = try #require(ExactDecimal("999999999999999999"))
        #expect(largest.adding(largest) == nil)
        #expect(largest.multiplied(by: largest) == nil)
        #expect(largest.adding(tenth) == nil)
        #expect(largest.multiplied(by: largest, roundedTo: 9) == nil)
        #expect(largest.rounded(to: 9) == nil)
        let small = try #require(ExactDecimal("0.000000001"))
        #expect(small.multiplied(by: small) == nil)
        #expect(small.multiplied(by: small, roundedTo: 2) == .zero)
    }

    @Test("halves round away from zero")
    func rounding() throws {
        #expect(ExactDecimal("0.125")?.rounded(to: 2) == ExactDecimal("0.13"))
        #expect(ExactDecimal("-0.125")?.rounded(to: 2) == ExactDecimal("-0.13"))
        #expect(ExactDecimal("0.124")?.rounded(to: 2) == ExactDecimal("0.12"))
        #expect(ExactDecimal("5")?.rounded(to: 3)?.description == "5.000")
        #expect(ExactDecimal("5")?.rounded(to: 10) == nil)
        #expect(ExactDecimal("5")?.rounded(to: -1) == nil)
    }

    @Test("random sums and products agree with integer arithmetic", arguments: 1...20)
    func agreesWithIntegers(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let (a, b) = (
                Int64.random(in: -999_999_999...999_999_999, using: &generator),
                Int64.random(in: -999_999...999_999, using: &generator)
            )
            let (s, t) = (Int.random(in: 0...4, using: &generator), Int.random(in: 0...4, using: &generator))
            let left = try #require(ExactDecimal(units: a, scale: s))
            let right = try #require(ExactDecimal(units: b, scale: t))
            let (x, y) = (a * power(4 - s), b * power(4 - t))
            #expect(left.adding(right) == ExactDecimal(units: x + y, scale: 4))
            #expect(left.subtracting(right) == ExactDecimal(units: x - y, scale: 4))
            #expect(left.multiplied(by: right) == ExactDecimal(units: a * b, scale: s + t))
            #expect((left < right) == (x < y))
            #expect((left == right) == (x == y))
            #expect(ExactDecimal(left.description) == left)
        }
    }

    private func power(_ exponent: Int) -> Int64 {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}
