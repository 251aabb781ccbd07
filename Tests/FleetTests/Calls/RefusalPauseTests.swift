import Testing

@testable import Fleet

@Suite struct RefusalPauseTests {
    @Test("a pause is never shorter than what was asked for, and hardly longer", arguments: [1, 60, 3_600])
    func asked(seconds: Int) throws {
        var pauses = RefusalPause()
        _ = pauses.refused(inFlight: 4, asked: .seconds(seconds))
        for _ in 0..<20 {
            let pause = try #require(pauses.refused(inFlight: 1, asked: .seconds(seconds)))
            #expect(pause >= .seconds(seconds) && pause <= .seconds(seconds) * 1.1)
        }
    }

    @Test("without a wish the pauses grow up to a bound, and a success makes them short again")
    func own() throws {
        var pauses = RefusalPause()
        _ = pauses.refused(inFlight: 1, asked: nil)
        let seen = try (0..<20).map { _ in try #require(pauses.refused(inFlight: 1, asked: .zero)) }
        #expect(seen[0] <= .milliseconds(600))
        #expect(seen.allSatisfy { $0 >= .milliseconds(400) && $0 <= RefusalPause.longestOwn * 1.2 })
        #expect(seen[19] >= RefusalPause.longestOwn * 0.8)
        pauses.answered()
        #expect(pauses.refused(inFlight: 1, asked: nil) == nil)
        #expect(try #require(pauses.refused(inFlight: 1, asked: nil)) <= .milliseconds(600))
    }

    @Test("refusals beside other calls pause nothing")
    func others() {
        var pauses = RefusalPause()
        for inFlight in 2..<100 { #expect(pauses.refused(inFlight: inFlight, asked: .seconds(60)) == nil) }
    }
}
