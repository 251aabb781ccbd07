import Fleet
import FleetTesting
import Models
import RabbitMQ
import Synchronization
import Testing

/// A shop that asks for prices and stock all day, ten times a second, and gives each question a second.
final class DrillQuestions: Sendable {
    private struct State {
        var asked = 0
        var open = 0
        var inTime = 0
        var missed: [String] = []
        var isPaused = false
        var isOver = false
    }

    private static let patience = Duration.seconds(1)

    private let rig: Rig
    private let requester: Requester
    private let state = Mutex(State())

    init(_ rig: Rig) throws {
        self.rig = rig
        requester = try Requester(
            configuration: try BrokerConfiguration(urls: [rig.host.url], connectionName: "shop"))
    }

    /// Asks until ``end()``; each question stands alone, however long another waits.
    func run() async throws {
        try await requester.start()
        await withDiscardingTaskGroup { group in
            var number = 0
            while !state.withLock({ $0.isOver }) {
                if !state.withLock({ $0.isPaused }) {
                    number += 1
                    let id = "Q-\(number)"
                    group.addTask { await self.ask(id) }
                }
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        await requester.close()
    }

    private func ask(_ id: String) async {
        guard let message = try? Self.message(id) else { return state.withLock { $0.missed.append(id) } }
        state.withLock { $0.open += 1 }
        let outcome = await requester.ask(message, within: Self.patience)
        state.withLock { state in
            state.open -= 1
            state.asked += 1
            if case .answered = outcome { state.inTime += 1 } else { state.missed.append("\(id): \(outcome)") }
        }
    }

    private static func message(_ id: String) throws -> OutgoingMessage {
        let one = try #require(ExactDecimal(1))
        let question = QuoteRequest(
            id: id, customer: .account("C-10001"), currency: .usd, questions: [.price, .availability],
            lines: [QuoteLine(id: "1", sku: "FST-0001", quantity: one, unit: .one)])
        let type = Catalogue.quoteRequested
        let envelope = Envelope(for: question, as: type, source: "urn:test:store", time: .now())
        return OutgoingMessage(
            exchange: FleetTopology.exchange, routingKey: type.name,
            properties: MessageProperties(
                contentType: IncomingMessage.structured, deliveryMode: 1, correlationID: id, messageID: envelope.id,
                type: type.name),
            body: MessageWriter().write(envelope, question))
    }

    /// Nobody can be asked without a broker: waits until what was asked is answered, does it, and until somebody listens
    /// again and the shop itself, which pauses between its tries, has reached the broker.
    func sparing(_ work: () async throws -> Void) async throws {
        state.withLock { $0.isPaused = true }
        try await eventually("the open questions to end") { self.state.withLock { $0.open == 0 } }
        try await work()
        try await rig.host.waitForDepth(of: Catalogue.quoteRequested.queue) { $0.consumers == 2 }
        let again = try Self.message("again")
        try await eventually("the shop to be answered again") { [requester] in
            if case .answered = await requester.ask(again, within: Self.patience) { true } else { false }
        }
        state.withLock { $0.isPaused = false }
    }

    /// Asks no more; what is still open is waited for.
    func end() { state.withLock { $0.isOver = true } }

    /// Every question had an answer in time.
    func expectAnswered(sourceLocation: SourceLocation = #_sourceLocation) {
        let (asked, missed) = state.withLock { ($0.asked, $0.missed) }
        #expect(asked > 200, sourceLocation: sourceLocation)
        #expect(missed.isEmpty, sourceLocation: sourceLocation)
    }
}
