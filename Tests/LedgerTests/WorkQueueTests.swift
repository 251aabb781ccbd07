import Testing

@testable import Ledger

@Suite("Work queue")
struct WorkQueueTests {
    private let queue = WorkQueue<Int>()

    /// Takes on a thread of its own, so that the test's threads stay free.
    private func take(limit: Int = 10) async throws -> [Int]? {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try startThread(for: "test") { [queue] in continuation.resume(returning: queue.take(limit: limit)) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    @Test("patient work goes along with the first that is not")
    func together() async throws {
        #expect(queue.submit(1, patience: .seconds(3_600)))
        #expect(queue.submit(2, patience: .seconds(60)))
        #expect(queue.submit(3))
        #expect(try await take() == [1, 2, 3])
    }

    @Test("work that cannot wait wakes a thread that waits for patient work", arguments: 0..<20)
    func wakes(_: Int) async throws {
        #expect(queue.submit(1, patience: .seconds(3_600)))
        async let taken = take()
        await Task.yield()
        #expect(queue.submit(2))
        #expect(try await taken == [1, 2])
    }

    @Test("patient work that stays alone is taken when its patience is over, and not before")
    func alone() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        #expect(queue.submit(1, patience: .milliseconds(50)))
        #expect(try await take() == [1])
        #expect(clock.now - start >= .milliseconds(50))
    }

    @Test("what is over the limit is taken next, without another wait")
    func limit() async throws {
        for number in 1...5 { #expect(queue.submit(number, patience: .seconds(3_600))) }
        #expect(queue.submit(6))
        #expect(try await take(limit: 4) == [1, 2, 3, 4])
        #expect(try await take(limit: 4) == [5, 6])
        #expect(queue.submit(7, patience: .milliseconds(1)))
        #expect(try await take() == [7])
    }

    @Test("closing lets nobody wait: what was submitted is taken, and then there is nothing")
    func closing() async throws {
        #expect(queue.submit(1, patience: .seconds(3_600)))
        queue.close()
        #expect(!queue.submit(2))
        #expect(try await take() == [1])
        #expect(try await take() == nil)
    }
}
