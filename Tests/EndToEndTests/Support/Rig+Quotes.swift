import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

/// Questions as a store would ask them.
enum QuoteQuestions {
    static func place(region: String = "WA") throws -> Address {
        Address(
            name: "Dock 4", street: ["1 Harbor Avenue"], city: "Tacoma", region: region, postalCode: "98421",
            country: try #require(CountryCode("US")))
    }

    static func question(
        _ questions: [QuoteFallback.Question] = QuoteFallback.Question.allCases, account: String = "C-10008",
        sku: String = "FST-0001", quantity: Int64 = 20, region: String = "WA"
    ) throws -> QuoteRequest {
        QuoteRequest(
            id: "Q-\(MessageID.next())", customer: .account(account), currency: .usd, questions: questions,
            shipTo: try place(region: region),
            lines: [QuoteLine(id: "1", sku: sku, quantity: try #require(ExactDecimal(quantity)), unit: .one)])
    }

    /// On its way to whoever answers; `properties` say where the answer goes, and until when.
    static func message(_ question: QuoteRequest, _ properties: MessageProperties = .init()) -> OutgoingMessage {
        let type = Catalogue.quoteRequested
        let envelope = Envelope(for: question, as: type, source: "urn:test:store", time: .now())
        var properties = properties
        properties.contentType = IncomingMessage.structured
        properties.type = type.name
        properties.messageID = envelope.id
        properties.deliveryMode = 1
        return OutgoingMessage(
            exchange: FleetTopology.exchange, routingKey: type.name, properties: properties,
            body: MessageWriter().write(envelope, question))
    }

    /// What an answer says: `price live`, `tax refused by credit.hold` and so on, each once, sorted.
    static func bases(_ answer: QuoteAnswer) -> [String] {
        var bases = Set(answer.lines.compactMap { $0.price.map { "price \($0.basis.kind.rawValue)" } })
        for line in answer.lines {
            bases.formUnion(line.availability.map { "availability \($0.basis.kind.rawValue)" })
        }
        bases.formUnion(answer.shipping.map { "shipping \($0.basis.kind.rawValue)" })
        if let tax = answer.tax { bases.insert("tax \(tax.basis.kind.rawValue)") }
        bases.formUnion(answer.refusals.map { "\($0.question.rawValue) refused by \($0.code)" })
        return bases.sorted()
    }

    /// The answer in a delivery.
    static func answer(_ delivery: Delivery) throws -> QuoteAnswer {
        let received = try MessageReader().read(delivery.body.bytes, IncomingMessage(delivery.properties))
        return try #require(received.payload as? QuoteAnswer)
    }

    /// Tables to estimate from.
    static let tables = [
        "QUOTES_SHIPPING_ZONES": "{near: [US/WA], far: [US]}",
        "QUOTES_SHIPPING_RATES":
            "{GROUND: {title: By road, currency: USD, zones: {near: {base: 7.95, per-kg: 0.22}, far: {base: 12}}}}",
        "QUOTES_TAX_RATES": "{US: 0, US/WA: 6.5, US/OR: 0}", "QUOTES_DEFAULT_WEIGHT": "0.5",
    ]
}

extension Rig {
    /// A quotes-worker that takes questions.
    func startQuotes(_ settings: [String: String] = [:]) async throws -> ChildProcess {
        let worker = try start("quotes-worker", settings)
        try await worker.waitForLine(containing: "message=answering")
        return worker
    }

    /// What the store shows of an order's estimates: question, basis, currency, quoted, settled and the difference.
    func settlements(of number: String) async throws -> [String] {
        try await ledger { snapshot in
            try snapshot.query(
                """
                SELECT question, basis, currency, quoted, settled, difference FROM store_order_settlement
                WHERE number = ? ORDER BY question
                """, .text(number)
            ) { row in (0..<6).map { row.text($0) }.joined(separator: " ") }
        }
    }

    /// Whether the feed has come to the end of a stream.
    func hasFed(_ stream: String) async throws -> Bool {
        try await ledger { snapshot in
            try snapshot.first(
                "SELECT 1 FROM feed_cursor WHERE stream = ? AND finished_at IS NOT NULL", .text(stream)
            ) { $0.integer(0) } != nil
        }
    }

    func shownRevision(of number: String) async throws -> Int64 {
        try await ledger { snapshot in
            try snapshot.first("SELECT revision FROM store_order WHERE number = ?", .text(number)) { $0.integer(0) }
                ?? 0
        }
    }

    /// Lends a connection that asks.
    func asking<Value>(
        isolation: isolated (any Actor)? = #isolation, _ body: (Requester) async throws -> Value
    ) async throws -> Value {
        let requester = try Requester(
            configuration: try BrokerConfiguration(urls: [host.url], connectionName: "test store"))
        try await requester.start()
        do {
            let value = try await body(requester)
            await requester.close()
            return value
        } catch {
            await requester.close()
            throw error
        }
    }
}

extension Requester {
    /// The answer to a question, which must come within the time.
    nonisolated func answer(_ question: QuoteRequest, within limit: Duration = .seconds(20)) async throws -> QuoteAnswer
    {
        let outcome = await ask(QuoteQuestions.message(question), within: limit)
        guard case .answered(let delivery) = outcome else { throw RigError.unexpectedAnswer("\(outcome)") }
        return try QuoteQuestions.answer(delivery)
    }
}
