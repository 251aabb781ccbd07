internal import Fleet
internal import Models
internal import RabbitMQ

/// What a shop waits for that asks 500 times a second: from the cache, beside a worker that calls the ERP as fast as that
/// bears it, and live from an ERP of 50 ms.
struct QuotesBenchmark {
    let bench: Bench

    private static let rate = 500.0
    private static let patience = Duration.milliseconds(500)

    func measure() async throws -> [Measurement] { try await cached() + live() }

    private func cached() async throws -> [Measurement] {
        let warehouse = try Warehouse(bench)
        try await warehouse.layOut()
        try await warehouse.supply(bench.scale.calls) { try Supplies.order($0) }
        let simulator = try await Simulator.start(on: bench)
        let ledger = bench.file("ledger.db")
        let desk = try Worker.start(
            .quotes, on: bench, ledger: ledger, erp: simulator.url,
            settings: ["QUOTES_PRICE": "cached, live", "QUOTES_AVAILABILITY": "cached, live"])
        _ = try await ask(Self.goods.count * 10, perSecond: 50)
        let worker = try Worker.start(on: bench, ledger: ledger, erp: simulator.url, only: "to-erp")
        let answers = try await ask(bench.scale.questions / 10, perSecond: Self.rate)
        for program in [worker, desk] { await program.stop() }
        await simulator.stop()
        try await warehouse.layOut()
        return [
            Measurement(
                "an answer from the cache, at 500 a second beside an orders worker, p50", answers.percentile(0.5), "ms",
                bar: .atMost(2)),
            Measurement("the same, p99", answers.percentile(0.99), "ms", bar: .atMost(10)),
        ]
    }

    private func live() async throws -> [Measurement] {
        let warehouse = try Warehouse(bench)
        try await warehouse.layOut()
        let simulator = try await Simulator.start(on: bench)
        let desk = try Worker.start(.quotes, on: bench, ledger: bench.file("ledger.db"), erp: simulator.url)
        _ = try await ask(Self.goods.count * 10, perSecond: 50)
        let answers = try await ask(bench.scale.questions, perSecond: Self.rate)
        await desk.stop()
        await simulator.stop()
        try await warehouse.layOut()
        let late = answers.count { $0 > Self.patience / .milliseconds(1) }
        return [
            Measurement("a live answer from an ERP of 50 ms, p50", answers.percentile(0.5), "ms"),
            Measurement(
                "the same, p99, of a deadline of 500 ms", answers.percentile(0.99), "ms",
                bar: .atMost(Self.patience / .milliseconds(1))),
            Measurement("late or missing of \(Count.grouped(answers.count))", Double(late), "answers", bar: .atMost(0)),
        ]
    }

    // MARK: - Asking

    private static let goods = ["FST-0001", "ELC-0002"]

    /// How long each of so many questions took, in milliseconds; one without an answer took for ever.
    private func ask(_ count: Int, perSecond rate: Double) async throws -> [Double] {
        let requester = try Requester(
            configuration: try BrokerConfiguration(urls: [bench.url], connectionName: "bench shop"))
        try await requester.start()
        let clock = ContinuousClock()
        let start = clock.now
        let times = try await withThrowingTaskGroup(of: Double.self) { group in
            for index in 0..<count {
                try await clock.sleep(until: start + .seconds(Double(index) / rate), tolerance: .milliseconds(1))
                let message = try Self.question(index)
                group.addTask {
                    let asked = clock.now
                    guard case .answered = await requester.ask(message, within: Self.patience) else { return .infinity }
                    return (clock.now - asked) / .milliseconds(1)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        await requester.close()
        return times
    }

    private static func question(_ index: Int) throws -> OutgoingMessage {
        guard let quantity = ExactDecimal(Int64(index / goods.count % 10 + 1)) else {
            throw BenchError.stuck("making a decimal")
        }
        let question = QuoteRequest(
            id: "Q-\(index)", customer: .account("C-10001"), currency: .usd, questions: [.price, .availability],
            lines: [QuoteLine(id: "1", sku: goods[index % goods.count], quantity: quantity, unit: .one)])
        let type = Catalogue.quoteRequested
        let envelope = Envelope(for: question, as: type, source: "urn:bench:store", time: .now())
        return OutgoingMessage(
            exchange: FleetTopology.exchange, routingKey: type.name,
            properties: MessageProperties(
                contentType: IncomingMessage.structured, deliveryMode: 1, correlationID: envelope.id,
                messageID: envelope.id, type: type.name),
            body: MessageWriter().write(envelope, question))
    }
}
