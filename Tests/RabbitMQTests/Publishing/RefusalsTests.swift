import Testing

@testable import RabbitMQ

@Suite("Where a broker refuses what is published")
struct RefusalsTests {
    private let now = ContinuousClock.now

    private func message(_ exchange: String, _ key: String) throws -> EncodedMessage {
        try EncodedMessage(OutgoingMessage(exchange: exchange, routingKey: key, body: []))
    }

    /// The answers to refusals of that message after so many milliseconds each.
    private func answers(
        _ refusals: inout Refusals, _ exchange: String, _ key: String, after milliseconds: [Int]
    ) throws -> [Bool] {
        let message = try message(exchange, key)
        return milliseconds.map { refusals.refused(message, at: now + .milliseconds($0)) }
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
