import Testing

@testable import RabbitMQ

@Suite("Where a broker refuses what is published")
struct RefusalsTests {
    private let now = ContinuousClock.now

    private func message(_ exchange: String, _ key: String) throws -> EncodedMessage {
        try EncodedMessage(OutgoingMessage(exchange: exchange, routingKey: key, body: []))
    }

    /// Whether the channel is stale after refusals of that message, each after so many milliseconds.
    private func answers(
        _ refusals: inout Refusals, _ exchange: String, _ key: String, after milliseconds: [Int]
    ) throws -> [Bool] {
        let message = try message(exchange, key)
        return milliseconds.map { time in
            refusals.refused(message, at: now + .milliseconds(time))
            return refusals.isStale
        }
    }

    @Test("a place that takes nothing for a second is one, whatever other places take")
    func patience() throws {
        var refusals = Refusals()
        let first = try answers(&refusals, "e", "bad", after: [0, 999])
        refusals.taken(try message("e", "good"))
        let other = try answers(&refusals, "eb", "ad", after: [1_000])
        let last = try answers(&refusals, "e", "bad", after: [1_000])
        #expect((first, other, last) == ([false, false], [false], [true]))
    }

    @Test("a place that takes one message is none")
    func taken() throws {
        var refusals = Refusals()
        let first = try answers(&refusals, "e", "k", after: [0])
        refusals.taken(try message("e", "k"))
        #expect(refusals.isEmpty)
        let second = try answers(&refusals, "e", "k", after: [5_000])
        #expect((first, second) == ([false], [false]))
    }

    @Test("a new channel that does not help is followed by twice the wait, five minutes at most")
    func longer() throws {
        var refusals = Refusals()
        let first = try answers(&refusals, "e", "k", after: [0, 1_000])
        refusals.tried()
        let second = try answers(&refusals, "e", "k", after: [1_500, 3_499, 3_500])
        for _ in 0..<20 {
            refusals.tried()
            _ = try answers(&refusals, "e", "k", after: [4_000])
        }
        let last = try answers(&refusals, "e", "k", after: [303_999, 304_000])
        #expect((first, second, last) == ([false, true], [false, false, true], [false, true]))
    }

    @Test("a stale channel is renewed once all answers are there, and goes on when one is missing for five seconds")
    func missingAnswer() throws {
        var refusals = Refusals()
        _ = try answers(&refusals, "e", "k", after: [0, 1_000])
        let early = refusals.mayRenew(unanswered: 1, at: now + .milliseconds(5_999))
        #expect((early, refusals.isStale) == (false, true))
        #expect(refusals.deadline(after: now + .milliseconds(5_999)) == now + .seconds(6))
        var other = refusals
        let late = refusals.mayRenew(unanswered: 1, at: now + .seconds(6))
        #expect((late, refusals.isStale, refusals.deadline(after: now)) == (false, false, nil))
        let answered = other.mayRenew(unanswered: 0, at: now + .seconds(6))
        #expect((answered, other.isStale) == (true, true))
    }

    @Test("places without end take no memory without end")
    func many() throws {
        var refusals = Refusals()
        let first = try (0..<1_000).flatMap { try answers(&refusals, "e", "\($0)", after: [0]) }
        let more = try answers(&refusals, "e", "one more", after: [0])
        let again = try answers(&refusals, "e", "0", after: [5_000])
        #expect(!(first + more).contains(true))
        #expect(again == [false], "counted anew")
    }
}
