import FleetTesting
import Testing

@testable import QuotesWorker

@Suite("Whether the ERP is late", .timeLimit(.minutes(2)))
struct LiveGateTests {
    private static func overdue(_ gate: LiveGate, after milliseconds: Int) -> [Bool] {
        (0..<LiveGate.mostLate).map { _ in gate.overdue(after: .milliseconds(milliseconds)) }
    }

    @Test("questions in a hurry say nothing of it, those that gave it time do")
    func hurry() {
        let gate = LiveGate(places: 4)
        let hasty = Self.overdue(gate, after: 5)
        #expect(hasty == [false, false, false] && !gate.now.isDoubtful)
        let fair = Self.overdue(gate, after: 50)
        #expect(fair == [true, true, true] && gate.now.isDoubtful)
    }

    /// Whether silence counts after so many milliseconds, where an answer takes so long as a rule.
    private static func counts(after milliseconds: Int, usual: Duration) async -> Bool {
        let gate = LiveGate(places: 1)
        guard await gate.enter(until: .now + .seconds(60)) else { return false }
        gate.leave(.answered(after: usual, isInTime: true))
        return gate.overdue(after: .milliseconds(milliseconds))
    }

    @Test("half of what an answer takes is time enough, and so is a second, however slow it has become")
    func usual() async {
        let half = await [
            Self.counts(after: 399, usual: .milliseconds(800)), Self.counts(after: 400, usual: .milliseconds(800)),
        ]
        #expect(half == [false, true])
        let slow = await [
            Self.counts(after: 999, usual: .seconds(60)), Self.counts(after: 1_000, usual: .seconds(60)),
        ]
        #expect(slow == [false, true])
    }

    @Test("while it rests nobody of those who wait is let in, and afterwards who comes is, and then they are")
    func rest() async throws {
        let gate = LiveGate(places: 1)
        #expect(await gate.enter(until: .now + .seconds(60)))
        let second = Task { await gate.enter(until: .now + .seconds(60)) }
        try await eventually("the second to wait") { gate.waiting == 1 }
        gate.leave(.refused(rest: .milliseconds(100)))
        #expect(gate.now.inFlight == 0 && gate.waiting == 1)
        try await eventually("the rest to be over") { await gate.enter(until: .now + .seconds(60)) }
        gate.leave(.answered(after: .milliseconds(1), isInTime: true))
        #expect(await second.value)
    }
}
