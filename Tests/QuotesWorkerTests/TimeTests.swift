import Fleet
import FleetTesting
import Models
import RabbitMQ
import Synchronization
import Testing

@testable import QuotesWorker

@Suite("The time of a question")
struct TimeTests {
    private static let now = Timestamp(microseconds: 1_772_365_572_000_000) ?? .epoch

    private static func made(_ milliseconds: Int64) throws -> Timestamp {
        try #require(Timestamp(microseconds: now.microseconds - milliseconds * 1_000))
    }

    private static func rest(_ waited: Int64) throws -> Duration {
        Question.rest(of: .milliseconds(1_000), made: try made(waited), at: now)
    }

    @Test("what has passed since it was made is gone, and clocks that contradict that change nothing")
    func rest() throws {
        let rests = try [0, 250, 1_000, 1_001, -1, 90_000].map { try Self.rest($0) }
        let expected: [Duration] = [1_000, 750, 0, 1_000, 1_000, 1_000].map { .milliseconds($0) }
        #expect(rests == expected)
        #expect(Question.rest(of: .seconds(1), made: nil, at: Self.now) == .seconds(1))
    }

    @Test("an expiration is a text of milliseconds, and nobody waits longer than the queue keeps questions")
    func expiration() {
        #expect(Question.expiration("1500") == .milliseconds(1_500))
        #expect(Question.expiration("999999999") == .seconds(60))
        #expect(
            Question.expiration("soon") == nil && Question.expiration("-1") == nil && Question.expiration(nil) == nil)
    }

    @Test("the reserve is never more than half of the time, and the ledger has a quarter of the rest")
    func budget() {
        let now = ContinuousClock.now
        let long = TimeBudget(until: now + .seconds(2), from: now, reserve: .milliseconds(100))
        #expect(long.askUntil == now + .milliseconds(1_900) && long.lookUntil == now + .milliseconds(475))
        let short = TimeBudget(until: now + .milliseconds(80), from: now, reserve: .milliseconds(100))
        #expect(short.askUntil == now + .milliseconds(40))
        let none = TimeBudget(until: now - .seconds(1), from: now, reserve: .milliseconds(100))
        #expect(none.askUntil == now && none.lookUntil == now)
    }

    private static func question(_ properties: MessageProperties, body: [UInt8] = Array("{}".utf8)) -> Question {
        let delivery = Delivery(
            tag: DeliveryTag(epoch: 1, value: 1), routingKey: "quote.requested.v1", properties: properties, body: body)
        return Question(delivery, patience: .seconds(2), arrivedAt: .now, at: .now(), MessageReader())
    }

    @Test("a queue of the fleet is no way back, and without a correlation id the message's own is it")
    func wayBack() {
        var properties = MessageProperties(replyTo: "orders.to-erp", messageID: "m-1")
        #expect(Self.question(properties).replyTo == nil)
        properties.replyTo = "answers.store-1"
        let question = Self.question(properties)
        #expect(question.replyTo == "answers.store-1" && question.correlationID == "m-1")
        #expect(throws: ContractError.self) { try question.content.get() }
    }

    /// What becomes of a reply, by what the broker says to it.
    private static func outcome(_ said: PublishOutcome, to queue: String, within time: Duration) async
        -> Replies.Outcome
    {
        let replies = Replies(logger: Asked.quiet) { _, _ in said }
        let question = question(
            MessageProperties(
                replyTo: queue, expiration: String(Int64(time / .milliseconds(1))), messageID: "m-1"))
        return await replies.send(QuestionProblem(strange: Catalogue.orderPlaced), to: question)
    }

    @Test("a reply whose queue is gone is known, of a direct one nobody can say, and none is sent late")
    func replies() async {
        let gone = PublishOutcome.returned(code: 312, text: "NO_ROUTE")
        #expect(await Self.outcome(gone, to: "answers", within: .seconds(60)) == .gone)
        #expect(await Self.outcome(gone, to: "amq.rabbitmq.reply-to.g1", within: .seconds(60)) == .sent)
        #expect(await Self.outcome(.confirmed, to: "answers", within: .seconds(60)) == .sent)
        #expect(await Self.outcome(.nacked, to: "answers", within: .seconds(60)) == .unsent)
        #expect(await Self.outcome(.confirmed, to: "answers", within: .zero) == .late)
    }

    /// How often a reply was sent, and what came of it, when the broker says these one after the other.
    private static func sent(_ said: [PublishOutcome]) async -> (times: Int, outcome: Replies.Outcome) {
        let times = Mutex(0)
        let replies = Replies(logger: Asked.quiet) { _, _ in
            times.withLock { times in
                defer { times += 1 }
                return said[min(times, said.count - 1)]
            }
        }
        let question = question(MessageProperties(replyTo: "answers", expiration: "60000", messageID: "m-1"))
        let outcome = await replies.send(QuestionProblem(strange: Catalogue.orderPlaced), to: question)
        return (times.withLock { $0 }, outcome)
    }

    @Test("a reply that may be lost with its connection is sent again, and not for ever; one that was refused is not")
    func again() async {
        let lost = PublishOutcome.unknown(reason: "the connection broke")
        let (second, never, refused) = await (
            Self.sent([lost, .confirmed]), Self.sent([lost]), Self.sent([.nacked, .confirmed])
        )
        #expect(second.times == 2 && second.outcome == .sent)
        #expect(never.times == 3 && never.outcome == .unsent)
        #expect(refused.times == 1 && refused.outcome == .unsent)
    }
}
