import FleetTesting
import Testing

@testable import Fleet

@Suite struct CallGateTests {
    private func gate(_ limit: Int) -> CallGate {
        CallGate(limit: AdaptiveLimit(settings: .init(initial: limit, maximum: limit)))
    }

    @Test("no more are let in at once than the limit allows, and everybody gets in")
    func limit() async {
        let gate = gate(3)
        let counts = Shared((inside: 0, most: 0, all: 0))
        await withDiscardingTaskGroup { group in
            for _ in 0..<200 {
                group.addTask {
                    guard await gate.enter() else { return }
                    counts.withLock {
                        $0.inside += 1
                        $0.all += 1
                        $0.most = max($0.most, $0.inside)
                    }
                    await Task.yield()
                    counts.withLock { $0.inside -= 1 }
                    gate.leave { _, _ in }
                }
            }
        }
        #expect(counts.withLock { $0.all } == 200)
        #expect(counts.withLock { $0.most } <= 3)
    }

    @Test("closing turns away whoever waits and whoever comes, until it is opened")
    func closing() async {
        let gate = gate(1)
        #expect(await gate.enter())
        let waiting = (0..<10).map { _ in Task { await gate.enter() } }
        await Task.yield()
        gate.close(Samples.failure)
        for waiter in waiting { #expect(await waiter.value == false) }
        #expect(await gate.enter() == false)
        gate.open()
        gate.leave { _, _ in }
        #expect(await gate.enter())
    }

    @Test("whoever is cancelled while waiting is turned away and takes no place")
    func cancellation() async {
        let gate = gate(1)
        #expect(await gate.enter())
        let cancelled = Task { await gate.enter() }
        await Task.yield()
        cancelled.cancel()
        #expect(await cancelled.value == false)
        gate.leave { _, _ in }
        #expect(await gate.enter())
    }

    @Test("whoever comes cancelled is turned away at once")
    func cancelledBefore() async {
        let gate = gate(1)
        let latch = Latch<Void>()
        let task = Task {
            await latch.wait()
            return await gate.enter()
        }
        task.cancel()
        latch.open()
        #expect(await task.value == false)
    }

    @Test("a raised limit lets the waiting in at once")
    func raising() async throws {
        let gate = CallGate(limit: AdaptiveLimit(settings: .init(initial: 1, maximum: 2)))
        #expect(await gate.enter())
        let waiting = [Task { await gate.enter() }, Task { await gate.enter() }]
        gate.leave { limit, inFlight in limit.succeeded(latency: .milliseconds(1), inFlight: inFlight) }
        try await inTime { for waiter in waiting { #expect(await waiter.value) } }
        #expect(gate.limit == 2)
    }

    @Test("a second refusal in a row, of the only call, keeps everybody waiting for as long as was asked")
    func pausing() async throws {
        let gate = gate(4)
        #expect(await gate.enter())
        #expect(gate.leaveRefused(asked: .seconds(3_600)) == nil, "one refusal says little")
        #expect(await gate.enter())
        let pause = try #require(gate.leaveRefused(asked: .seconds(3_600)))
        #expect(pause >= .seconds(3_600))
        let waiting = Task { await gate.enter(until: .now) }
        // Nobody is turned away by the pause itself, only when its own time is over.
        try await eventually {
            gate.turnAwayOverdue(.now)
            return await withDeadline(.milliseconds(10)) { _ = await waiting.value }
        }
        #expect(await waiting.value == false)
        gate.open()
        #expect(await gate.enter())
    }

    @Test("a short pause ends by itself, and whoever waited gets in")
    func shortPause() async throws {
        let gate = gate(4)
        for _ in 0..<2 {
            #expect(await gate.enter())
            _ = gate.leaveRefused(asked: nil)
        }
        let waiting = Task { await gate.enter() }
        try await inTime { #expect(await waiting.value) }
    }

    @Test("refusals beside calls that are out shrink the limit and pause nothing")
    func besideOthers() async throws {
        let gate = gate(4)
        for _ in 0..<4 { #expect(await gate.enter()) }
        for _ in 0..<3 { #expect(gate.leaveRefused(asked: .seconds(3_600)) == nil) }
        gate.answered()
        gate.leave { _, _ in }
        try await inTime { #expect(await gate.enter()) }
        #expect(gate.leaveRefused(asked: nil) == nil)
    }

    @Test("a stopped gate turns everybody away, and nothing opens it again")
    func stopping() async throws {
        let gate = gate(1)
        #expect(await gate.enter())
        let waiting = Task { await gate.enter() }
        await Task.yield()
        gate.stop()
        #expect(await waiting.value == false)
        gate.close(Samples.failure)
        gate.open()
        #expect(await gate.enter() == false)
        guard case .stopping = gate.refusal else {
            Issue.record("it says \(String(describing: gate.refusal))")
            return
        }
    }
}
