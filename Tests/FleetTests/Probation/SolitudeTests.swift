import FleetTesting
import Testing

@testable import Fleet

@Suite struct SolitudeTests {
    @Test("nothing else is handled beside a suspect", .reportsSeed, arguments: 0..<5)
    func alone(round: Int) async {
        let solitude = Solitude()
        let state = Shared((inside: 0, alone: 0, all: 0, isBroken: false))
        var random = SeededRandom(round: round)
        let plan = (0..<300).map { _ in Int.random(in: 0..<10, using: &random) == 0 }
        await withDiscardingTaskGroup { group in
            for isAlone in plan {
                group.addTask {
                    await solitude.enter(alone: isAlone) {
                        state.withLock { state in
                            state.inside += 1
                            state.alone += isAlone ? 1 : 0
                            state.all += 1
                            state.isBroken = state.isBroken || (state.alone > 0 && state.inside > 1)
                        }
                        await Task.yield()
                        state.withLock { state in
                            state.inside -= 1
                            state.alone -= isAlone ? 1 : 0
                        }
                    }
                }
            }
        }
        #expect(state.withLock { $0.all } == 300)
        #expect(!state.withLock { $0.isBroken })
    }

    @Test("ordinary messages are handled side by side")
    func together() async throws {
        let solitude = Solitude()
        let (first, second) = (Latch<Void>(), Latch<Void>())
        let one = Task {
            await solitude.enter(alone: false) {
                first.open()
                await second.wait()
            }
        }
        let other = Task {
            await solitude.enter(alone: false) {
                await first.wait()
                second.open()
            }
        }
        try await inTime {
            await one.value
            await other.value
        }
    }

    @Test("an error lets the next in")
    func error() async throws {
        let solitude = Solitude()
        await #expect(throws: TookTooLong.self) { try await solitude.enter(alone: true) { throw TookTooLong() } }
        try await inTime { await solitude.enter(alone: true) {} }
    }
}
