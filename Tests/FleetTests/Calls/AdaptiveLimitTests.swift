import FleetTesting
import Testing

@testable import Fleet

@Suite struct AdaptiveLimitTests {
    /// Answers so many full rounds at the limit.
    private func succeed(_ limit: inout AdaptiveLimit, rounds: Int, latency: Duration = .milliseconds(50)) {
        for _ in 0..<rounds {
            for _ in 0..<limit.limit { limit.succeeded(latency: latency, inFlight: limit.limit) }
        }
    }

    @Test("each full round of successes doubles the limit, up to the maximum")
    func slowStart() {
        var limit = AdaptiveLimit(settings: .init(initial: 4, maximum: 100))
        var seen = [limit.limit]
        for _ in 0..<6 {
            succeed(&limit, rounds: 1)
            seen.append(limit.limit)
        }
        #expect(seen == [4, 8, 16, 32, 64, 100, 100])
    }

    @Test("calls that do not use the limit do not raise it")
    func unused() {
        var limit = AdaptiveLimit()
        for _ in 0..<1_000 { limit.succeeded(latency: .milliseconds(50), inFlight: 3) }
        #expect(limit.limit == 4)
    }

    @Test("a refusal sets a ceiling just below what was in flight")
    func refusal() {
        var limit = AdaptiveLimit()
        succeed(&limit, rounds: 4)
        limit.refused(inFlight: 33)
        #expect(limit.limit == 32)
        succeed(&limit, rounds: 1)
        #expect(limit.limit <= 33, "at the ceiling it feels its way by one")
    }

    @Test("the refusals of one overshoot stop the limit where the room is, and not below")
    func overshoot() {
        var limit = AdaptiveLimit()
        succeed(&limit, rounds: 4)
        #expect(limit.limit == 64)
        // 64 are out, 32 of them find no room; each leaves one fewer in flight.
        for inFlight in stride(from: 64, to: 32, by: -1) { limit.refused(inFlight: inFlight) }
        #expect(limit.limit == 32)
    }

    @Test("a try that is refused takes longer to come again, up to a bound")
    func patience() {
        var limit = AdaptiveLimit(settings: .init(initial: 11, roundsBeforeProbe: 8))
        limit.refused(inFlight: 11)
        var waits: [Int] = []
        for _ in 0..<6 {
            var rounds = 0
            while limit.limit == 10 {
                succeed(&limit, rounds: 1)
                rounds += 1
            }
            waits.append(rounds)
            limit.refused(inFlight: 11)
        }
        #expect(waits == [1, 2, 4, 8, 8, 8])
    }

    @Test("a server with room for 32 is used to 95%, with less than 1% refused", .reportsSeed, arguments: 0..<3)
    func oneClient(round: Int) {
        var server = SimulatedServer(random: SeededRandom(round: round))
        let outcome = server.run()
        #expect(Double(outcome.answered) >= 0.95 * server.capacity(seconds: 20))
        #expect(outcome.refusedShare < 0.01)
    }

    @Test("a room that is no power of two is found as well", .reportsSeed, arguments: [1, 3, 11, 50, 97])
    func oddRoom(room: Int) {
        var server = SimulatedServer(room: room, random: SeededRandom(round: room))
        let outcome = server.run()
        #expect(Double(outcome.answered) >= 0.95 * server.capacity(seconds: 20))
        #expect(outcome.refusedShare < 0.01)
    }

    @Test("two clients share a server: all of it is used, less than 1% refused", .reportsSeed, arguments: 0..<3)
    func twoClients(round: Int) {
        var server = SimulatedServer(random: SeededRandom(round: round))
        let outcome = server.run(startingAt: [0, 0])
        #expect(Double(outcome.answered) >= 0.95 * server.capacity(seconds: 20))
        #expect(outcome.refusedShare < 0.01)
    }

    @Test("who is crowded out yields an eighth, who tried one call too many only that one", arguments: [32, 16, 7, 2])
    func crowdedOut(holds: Int) {
        var limit = AdaptiveLimit(settings: .init(initial: holds + 1))
        limit.refused(inFlight: holds + 1)
        succeed(&limit, rounds: 1)
        limit.refused(inFlight: holds + 1)
        #expect(limit.limit == holds, "its own try was refused")
        succeed(&limit, rounds: 1)
        #expect(limit.limit == holds, "the next try takes two rounds")
        limit.refused(inFlight: holds)
        #expect(limit.limit == holds - max(1, holds / 8))
    }

    @Test("an eighth is of what was in flight, not of a limit that nobody uses")
    func crowdedOutWhileIdle() {
        var limit = AdaptiveLimit(settings: .init(initial: 65))
        limit.refused(inFlight: 65)
        succeed(&limit, rounds: 1)
        limit.refused(inFlight: 65)
        succeed(&limit, rounds: 1)
        limit.refused(inFlight: 5)
        #expect(limit.limit == 4)
    }

    @Test("a second client that comes later gets a share", .reportsSeed, arguments: 0..<3)
    func laterClient(round: Int) throws {
        var server = SimulatedServer(random: SeededRandom(round: round))
        let outcome = server.run(startingAt: [0, 3], warmUp: 10, seconds: 120)
        #expect(Double(outcome.answered) >= 0.95 * server.capacity(seconds: 120))
        #expect(outcome.refusedShare < 0.01)
        #expect(try #require(outcome.limits.min()) >= 3)
    }

    @Test("some calls that are quick by nature do not throttle the others", .reportsSeed)
    func quickCalls() {
        var server = SimulatedServer(quickShare: 0.05, random: SeededRandom())
        let outcome = server.run()
        #expect(Double(outcome.answered) >= 0.95 * server.capacity(seconds: 20))
    }

    @Test("latency that grows without a refusal shrinks the limit")
    func latency() {
        var limit = AdaptiveLimit()
        succeed(&limit, rounds: 3)
        let before = limit.limit
        var lowest = before
        for _ in 0..<2_000 {
            limit.succeeded(latency: .seconds(1), inFlight: limit.limit)
            lowest = min(lowest, limit.limit)
        }
        #expect(lowest < before / 2)
        #expect(limit.limit >= before, "what lasts becomes the usual")
    }

    @Test("after an outage it starts with one call and is back after a few rounds")
    func restart() {
        var limit = AdaptiveLimit()
        succeed(&limit, rounds: 4)
        for inFlight in stride(from: 64, to: 32, by: -1) { limit.refused(inFlight: inFlight) }
        limit.restart()
        #expect(limit.limit == 1)
        succeed(&limit, rounds: 5)
        #expect(limit.limit == 32)
    }

    @Test("a moment in which everything is refused is forgotten")
    func recovery() {
        var limit = AdaptiveLimit()
        succeed(&limit, rounds: 4)
        for _ in 0..<100 { limit.refused(inFlight: limit.limit) }
        #expect(limit.limit == 1)
        succeed(&limit, rounds: 200)
        #expect(limit.limit >= 32)
    }

    @Test("it stays within its bounds, whatever happens", .reportsSeed, arguments: 0..<20)
    func bounds(round: Int) {
        var random = SeededRandom(round: round)
        var limit = AdaptiveLimit(settings: .init(minimum: 2, initial: 5, maximum: 40))
        for _ in 0..<5_000 {
            let inFlight = Int.random(in: 0...80, using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0: limit.refused(inFlight: inFlight)
            case 1: limit.failed()
            case 2: limit.restart()
            default:
                limit.succeeded(latency: .microseconds(.random(in: 0...900_000, using: &random)), inFlight: inFlight)
            }
            #expect((2...40).contains(limit.limit))
        }
    }
}
