import Models
import RabbitMQ
import Testing

@testable import Stevedore

@Suite("What the rehearsed store sends")
struct RehearseScriptTests {
    private static func played(_ count: Int, seed: UInt64) -> (steps: [RehearsedStep], book: OrderBook) {
        var script = OrderScript(seed: seed, amendments: 0.2, cancellations: 0.1)
        var steps: [RehearsedStep] = []
        for _ in 0..<count { steps += script.next() }
        return (steps + script.rest(), script.book)
    }

    @Test("each order is placed once, in turn, and changed only afterwards", arguments: [1, 7, 4_711] as [UInt64])
    func order(seed: UInt64) {
        let (steps, book) = Self.played(5_000, seed: seed)
        let placed = steps.filter { $0.kind == .placed }.map(\.index)
        #expect(placed == Array(0..<5_000))
        var revisions: [Int: Int] = [:]
        for step in steps {
            #expect(step.revision == (revisions[step.index] ?? 0) + 1)
            revisions[step.index] = step.revision
        }
        let agrees = (0..<5_000).allSatisfy { book.revision($0) == revisions[$0] }
        #expect(agrees)
    }

    @Test("about as many are changed and called off as was asked for, and the book knows which")
    func shares() {
        let (steps, book) = Self.played(10_000, seed: 3)
        let amended = steps.count { $0.kind == .amended }
        let cancelled = Set(steps.filter { $0.kind == .cancelled }.map(\.index))
        #expect((1_800...2_200).contains(amended))
        #expect((850...1_150).contains(cancelled.count))
        #expect(book.cancellations == cancelled.count)
        let agrees = (0..<10_000).allSatisfy { book.isCancelled($0) == cancelled.contains($0) }
        #expect(agrees)
    }

    @Test("the same seed makes the same script, another one another")
    func seed() {
        #expect(Self.played(2_000, seed: 5).steps == Self.played(2_000, seed: 5).steps)
        #expect(Self.played(2_000, seed: 5).steps != Self.played(2_000, seed: 6).steps)
    }

    @Test("a number leads back to its order, and no other text does")
    func numbers() {
        let (_, book) = Self.played(100, seed: 1)
        #expect(book.index(of: OrderBook.number(42)) == 42)
        for strange in [OrderBook.number(100), "REHEARSAL-42", "W-1", "REHEARSAL-", "REHEARSAL-0000004x"] {
            #expect(book.index(of: strange) == nil, "\(strange)")
        }
    }

    private static func payload(_ message: OutgoingMessage?) throws -> any Payload {
        try MessageReader().read(try #require(message).body).payload
    }

    @Test("its messages keep their contracts, and a later revision says something else")
    func contracts() throws {
        let messages = try #require(RehearsedMessages())
        let kinds: [RehearsedStep.Kind] = [.placed, .amended, .cancelled]
        var orders: [Order] = []
        for (number, kind) in kinds.enumerated() {
            let message = try #require(messages.order(.init(index: 7, revision: number + 1, kind: kind)))
            #expect(message.routingKey == kind.type.name)
            let order = try Self.payload(message) as? Order
            orders.append(try #require(order))
        }
        #expect(orders.map(\.number) == Array(repeating: "REHEARSAL-00000007", count: 3))
        #expect(Set(orders.map(\.totals.total)).count == 3)
        let restated = try Self.payload(messages.stock(3_001)) as? Stock
        let stock = try #require(restated)
        #expect(stock.revision == 2)
        #expect("\(stock.sku)/\(stock.warehouse)" == RehearsedMessages.stockPlace(3_001).place)
        let question = messages.question("Q-1", answerTo: "answers", within: .seconds(2))
        #expect(question?.properties.expiration == "2000" && question?.properties.replyTo == "answers")
        let asked = try Self.payload(question) as? QuoteRequest
        #expect(asked?.id == "Q-1")
    }
}
