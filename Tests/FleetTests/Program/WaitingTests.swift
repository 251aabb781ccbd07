import Testing

@testable import Fleet

@Suite struct WaitingTests {
    @Test("a latch lets through who waits and who comes later, with the first value")
    func latch() async {
        let latch = Latch<Int>()
        let waiting = (0..<5).map { _ in Task { await latch.wait() } }
        await Task.yield()
        latch.open(7)
        latch.open(8)
        for waiter in waiting { #expect(await waiter.value == 7) }
        #expect(await latch.wait() == 7)
    }

    @Test("work that ends in time is waited for")
    func inTimeWork() async {
        #expect(await withDeadline(.seconds(30)) { await Task.yield() })
    }

    @Test("work that does not end is left at the deadline, and goes on by itself")
    func lateWork() async throws {
        let (gate, ended) = (Latch<Void>(), Latch<Void>())
        let isDone = await withDeadline(.milliseconds(1)) {
            await gate.wait()
            ended.open()
        }
        #expect(!isDone)
        gate.open()
        try await inTime { await ended.wait() }
    }

    @Test("a signal set before the wait is not lost")
    func signalBefore() async throws {
        let signal = WakeSignal()
        signal.set()
        try await inTime { await signal.wait(atMost: .seconds(3_600)) }
    }

    @Test("a signal wakes the sleeper")
    func signalDuring() async throws {
        let signal = WakeSignal()
        let sleeper = Task { await signal.wait(atMost: .seconds(3_600)) }
        await Task.yield()
        signal.set()
        try await inTime { await sleeper.value }
    }

    @Test("a sleeper wakes at the limit, and when it is cancelled")
    func signalLimits() async throws {
        let signal = WakeSignal()
        try await inTime { await signal.wait(atMost: .milliseconds(1)) }
        let sleeper = Task { await WakeSignal().wait(atMost: .seconds(3_600)) }
        sleeper.cancel()
        try await inTime { await sleeper.value }
    }
}
