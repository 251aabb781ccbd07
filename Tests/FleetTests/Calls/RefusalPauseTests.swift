import Testing

@testable import Fleet

@Suite struct RefusalPauseTests {
    @Test("a pause is never shorter than what was asked for, and hardly longer", arguments: [1, 60, 3_600])
    func asked(seconds: Int) throws {
        var pauses = RefusalPause()
        _ = pauses.refused(inFlight: 4, asked: .seconds(seconds))
        for _ in 0..<20 {
            let next = pauses.refused(inFlight: 1, asked: .seconds(seconds))
            let pause = try #require(next)
            #expect(pause >= .seconds(seconds) && pause <= .seconds(seconds) * 1.1)
        }
    }

    @Test("without a wish the pauses grow up to a bound, and a success makes them short again")
    func own() throws {
        var pauses = RefusalPause()
        var seen: [Duration] = []
        let single = pauses.refused(inFlight: 1, asked: nil)
        #expect(single == nil)
        for _ in 0..<20 {
            let next = pauses.refused(inFlight: 1, asked: .zero)
            seen.append(try #require(next))
        }
        #expect(seen[0] <= .milliseconds(600))
        #expect(seen.allSatisfy { $0 >= .milliseconds(400) && $0 <= RefusalPause.longestOwn * 1.2 })
        #expect(seen[19] >= RefusalPause.longestOwn * 0.8)
        pauses.answered()
        let again = pauses.refused(inFlight: 1, asked: nil)
        #expect(again == nil)
        let first = pauses.refused(inFlight: 1, asked: nil)
        #expect(try #require(first) <= .milliseconds(600))
    }

    @Test("refusals beside other calls pause nothing")
    func others() {
        var pauses = RefusalPause()
        for inFlight in 2..<100 {
            let pause = pauses.refused(inFlight: inFlight, asked: .seconds(60))
            #expect(pause == nil)
        }
    }
}
