import FleetTesting
import Testing

@Suite("Waiting on a condition")
struct EventuallyTests {
    @Test("a condition that becomes true ends the wait")
    func becomesTrue() async throws {
        var questions = 0
        try await eventually {
            questions += 1
            return questions == 3
        }
        #expect(questions == 3)
    }

    @Test("time running out is an error that names what was waited for and why it was not so")
    func timesOut() async {
        let error = await #expect(throws: TestingError.self) {
            try await eventually(within: .milliseconds(5), "the tide") { throw TestingError.missing("no water") }
        }
        #expect(error?.description.contains("the tide") == true)
        #expect(error?.description.contains("no water") == true)
    }

    @Test("the same seed and round give the same numbers, another round gives others")
    func seeds() {
        var first = SeededRandom(seed: 7, round: 1)
        var second = SeededRandom(seed: 7, round: 1)
        var third = SeededRandom(seed: 7, round: 2)
        let numbers = (0..<4).map { _ in first.next() }
        #expect(numbers == (0..<4).map { _ in second.next() })
        #expect(numbers != (0..<4).map { _ in third.next() })
    }
}
