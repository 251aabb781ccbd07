import Testing

@testable import DeadLetter

@Suite("Growing steps")
struct CanaryTests {
    @Test("each step is ten times the one before, up to a limit, and counts what is sent of it")
    func steps() {
        var canary = Canary()
        var sizes: [Int] = []
        for _ in 0..<6 {
            sizes.append(canary.remaining)
            canary.send(canary.remaining)
            #expect(canary.remaining == 0 && !canary.isFresh)
            canary.advance()
        }
        #expect(sizes == [1, 10, 100, 1_000, 10_000, 10_000])
        canary.send(4)
        #expect(canary.remaining == 9_996)
    }
}
