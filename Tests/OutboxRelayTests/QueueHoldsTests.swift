import Testing

@testable import OutboxRelay

@Suite("Queues that take nothing now")
struct QueueHoldsTests {
    private let start = ContinuousClock.now

    @Test("the pause grows with each row that asks in vain, to ten seconds, and not with those that were on their way")
    func pause() {
        var holds = QueueHolds()
        var news = (0..<100).map { _ in holds.begin("q", "full", now: start) }
        #expect(news.first == true && !news.dropFirst().contains(true))
        #expect(holds.due(now: start + .milliseconds(499)).isEmpty)
        #expect(holds.due(now: start + .milliseconds(500)) == ["q"])
        var now = start + .milliseconds(500)
        news = []
        for seconds in [1, 2, 4, 8, 10, 10] {
            holds.asking("q")
            #expect(holds.due(now: now + .seconds(60)).isEmpty)
            news.append(holds.begin("q", "full", now: now))
            #expect(holds.due(now: now + .seconds(seconds) - .milliseconds(1)).isEmpty)
            now += .seconds(seconds)
            #expect(holds.due(now: now) == ["q"])
        }
        #expect(!news.contains(true))
    }

    @Test("another reason is news, and so is a queue that is held again after it took something")
    func news() {
        var holds = QueueHolds()
        var news = [holds.begin("q", "full", now: start)]
        holds.asking("q")
        news.append(holds.begin("q", "gone", now: start))
        #expect(holds.reasons["q"] == "gone")
        let ends = [holds.end("q"), holds.end("q")]
        #expect(ends == [true, false] && holds.isEmpty)
        news.append(holds.begin("q", "gone", now: start))
        #expect(news == [true, true, true])
    }

    @Test("a row that was itself at fault lets the next one ask at once; so does another connection")
    func askAgain() {
        var holds = QueueHolds()
        _ = holds.begin("q", "full", now: start)
        holds.asking("q")
        holds.askAgain("q", now: start)
        #expect(holds.due(now: start) == ["q"])
        _ = holds.begin("r", "away", now: start)
        #expect(holds.due(now: start) == ["q"])
        holds.askAll(now: start)
        #expect(holds.due(now: start) == ["q", "r"])
    }
}
