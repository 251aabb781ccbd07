import Testing

@testable import RabbitMQ

@Suite("How often the socket is looked at")
struct ReadPaceTests {
    private let start = ContinuousClock.now

    @Test("a trickle is read as it comes")
    func trickle() {
        var pace = ReadPace(start)
        for millisecond in 1...50 {
            let rest = pace.read(2, start.advanced(by: .milliseconds(millisecond)))
            #expect(rest == nil)
        }
    }

    @Test("in a rush the socket is left alone for a moment, never longer than a pause")
    func rush() throws {
        var pace = ReadPace(start)
        let now = start.advanced(by: .milliseconds(2))
        let rest = pace.read(200, now)
        let end = try #require(rest)
        #expect(end > now)
        #expect(now.duration(to: end) <= ReadPace.pause)
    }

    @Test("the end of a rush is noticed after one pause")
    func end() {
        var pace = ReadPace(start)
        _ = pace.read(200, start.advanced(by: .milliseconds(2)))
        let rest = pace.read(1, start.advanced(by: .milliseconds(3)))
        #expect(rest == nil)
    }

    @Test("a rate counts, not a number: a few messages after a long silence are no rush")
    func silence() {
        var pace = ReadPace(start)
        let rest = pace.read(100, start.advanced(by: .seconds(60)))
        #expect(rest == nil)
    }
}
