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
