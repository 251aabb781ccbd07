internal import Fleet
internal import Models
internal import RabbitMQ

/// The store of a rehearsal: places orders as its script says, and takes a message for accepted when the broker has confirmed
/// it, as a real store does. Without an answer it sends the message again under the same id.
actor RehearsedStore {
    private let publisher: Publisher
    private let messages: RehearsedMessages
    private let interruption: Interruption
    private var script: OrderScript
    private var restocked = 0
    private var questions = 0
    private(set) var sent = 0
    private(set) var bytes = 0
    /// How often a message had to be sent again.
    private(set) var repeats = 0
    private static let patience = Duration.seconds(120)
    private static let batch = 500

    init(
        _ broker: RehearsalBroker, _ plan: RehearsalPlan, _ messages: RehearsedMessages, _ interruption: Interruption
    ) async throws(ProgramError) {
        publisher = try await BrokerDesk.publisher(broker.configuration)
        script = OrderScript(
            seed: plan.seed, amendments: plan.amendments, cancellations: plan.cancellations)
        (self.messages, self.interruption) = (messages, interruption)
    }

    func close() async { await publisher.close() }

    /// Returns when the broker, which was away, takes messages again: how long that took says nothing of how many it takes.
    func reconnect() async throws(ProgramError) {
        let nowhere = OutgoingMessage(
            exchange: "", routingKey: "rehearsal.nowhere", properties: MessageProperties(), body: [])
        let deadline = ContinuousClock.now + Self.patience
        while true {
            await publisher.hurry()
            let outcome = await publisher.publish([nowhere], timeout: .seconds(2)).first
            if case .returned? = outcome { return }
            if interruption.isRequested { throw RehearsalError.stopped }
            guard ContinuousClock.now < deadline else {
                throw RehearsalError.unpublished(outcome.map { "\($0)" } ?? "no answer")
            }
        }
    }

    /// What was sent of each order.
    var book: OrderBook { script.book }

    /// The mean length of an order's body.
    var bytesOfMessage: Double { sent > 0 ? Double(bytes) / Double(sent) : RehearsalPlan.bytesOfMessage }

    /// Places so many orders, with the changes that fall due; says how many messages that were.
    @discardableResult
    func place(_ orders: Int) async throws(ProgramError) -> Int {
        var steps: [RehearsedStep] = []
        for _ in 0..<orders { steps += script.next() }
        return try await send(steps)
    }

    /// Sends the changes that are still to come.
    @discardableResult
    func finishChanges() async throws(ProgramError) -> Int { try await send(script.rest()) }

    /// So many changes of stock.
    func restock(_ count: Int) async throws(ProgramError) {
        let first = restocked
        restocked += count
        try await confirm((first..<first + count).compactMap { messages.stock($0) })
    }

    /// The newest revision of each place that was restocked, by `SKU/warehouse`.
    var stock: [String: Int64] {
        let places = (max(0, restocked - 3_000)..<restocked).map { RehearsedMessages.stockPlace($0) }
        return Dictionary(places.map { ($0.place, $0.revision) }) { max($0, $1) }
    }

    /// Asks so many questions.
    func ask(_ count: Int, in book: QuoteBook) async throws(ProgramError) {
        for _ in 0..<count {
            questions += 1
            let id = "REHEARSAL-Q-\(questions)"
            guard let message = messages.question(id, answerTo: QuoteBook.answers, within: QuoteBook.deadline) else {
                continue
            }
            await book.noteAsked(id, at: Timestamp.now().microseconds)
            try await confirm([message])
        }
    }

    private func send(_ steps: [RehearsedStep]) async throws(ProgramError) -> Int {
        let outgoing = steps.compactMap { messages.order($0) }
        for start in stride(from: 0, to: outgoing.count, by: Self.batch) {
            try await confirm(Array(outgoing[start..<min(start + Self.batch, outgoing.count)]))
        }
        sent += outgoing.count
        bytes += outgoing.reduce(0) { $0 + $1.body.count }
        return outgoing.count
    }

    private func confirm(_ messages: [OutgoingMessage]) async throws(ProgramError) {
        var waiting = messages
        let deadline = ContinuousClock.now + Self.patience
        while !waiting.isEmpty {
            let outcomes = await publisher.publish(waiting, timeout: .seconds(10))
            let open = zip(waiting, outcomes).filter { $0.1 != .confirmed }
            waiting = open.map(\.0)
            guard let outcome = open.first?.1 else { return }
            if interruption.isRequested { throw RehearsalError.stopped }
            guard ContinuousClock.now < deadline else { throw RehearsalError.unpublished("\(outcome)") }
            repeats += waiting.count
            try? await Task.sleep(for: .milliseconds(100))
        }
    }
}
