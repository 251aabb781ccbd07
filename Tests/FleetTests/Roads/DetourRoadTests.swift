import FleetTesting
import Ledger
import Models
import RabbitMQ
import Storefront
import Testing

@testable import Fleet

@Suite struct DetourRoadTests {
    private let metrics = FlowMetrics(queue: Samples.queue)

    private func take(
        _ failure: Failure, attempt: Int64 = 0, ledger: Ledger, sink: SinkDouble = SinkDouble()
    ) async throws -> OutgoingMessage? {
        let intake = Samples.intake(
            properties: .init(headers: [MessageHeader.attempt: .int64(attempt)], messageID: "m-1"))
        try await Samples.detour(ledger, sink, metrics).take(
            intake, names: ContractNames(try Samples.message().envelope), failure: failure)
        return sink.published.last
    }

    private func failure(_ category: Failure.Category) -> Failure {
        Failure(code: "c", category: category, sentence: "s", remedy: "r")
    }

    @Test(
        "a fault of the message goes to the dead-letter queue at once",
        arguments: [.malformed, .rejected, .poison] as [Failure.Category])
    func deadLetter(category: Failure.Category) async throws {
        try await withLedger { ledger in
            #expect(try await take(failure(category), ledger: ledger)?.routingKey == "orders.to-erp.dead")
            #expect(metrics.total(.deadLettered) == 1)
            let open = try await ledger.read { try $0.first("SELECT count(*) FROM dead_letter") { $0.integer(0) } }
            #expect(open == 1)
        }
    }

    @Test("a transient fault waits in the next tier and counts the attempt")
    func retry() async throws {
        try await withLedger { ledger in
            let copy = try #require(try await take(failure(.transient), attempt: 1, ledger: ledger))
            #expect(copy.routingKey == "orders.to-erp.retry.30s")
            #expect(copy.properties.headers[MessageHeader.attempt]?.integer == 2)
            let expiration = try #require(copy.properties.expiration.flatMap(Int.init))
            #expect((27_000...30_000).contains(expiration))
            #expect(Samples.intake(properties: copy.properties).attempt == 3)
        }
    }

    @Test("the last transient failure makes a dead letter")
    func exhausted() async throws {
        try await withLedger { ledger in
            let copy = try await take(failure(.transient), attempt: 13, ledger: ledger)
            #expect(copy?.routingKey == "orders.to-erp.dead")
        }
    }

    @Test("what waits for something that may come is tried every five minutes, whatever else fails meanwhile")
    func awaiting() async throws {
        try await withLedger { ledger in
            let awaiting = Failure(.orderUnknown(.online("W-1")))
            let copy = try #require(try await take(awaiting, attempt: 40, ledger: ledger))
            #expect(copy.routingKey == "orders.to-erp.retry.5m")
            let back = Intake(Samples.returned(copy))
            #expect(back.attempt == 42 && back.hasAwaited)
            let sink = SinkDouble()
            try await Samples.detour(ledger, sink, metrics).take(
                back, names: ContractNames(), failure: failure(.transient))
            let next = try #require(sink.published.first)
            #expect(next.routingKey == "orders.to-erp.retry.5m")
            #expect(Intake(Samples.returned(next)).hasAwaited)
            // From a stranger the header says nothing.
            #expect(!Samples.intake(properties: copy.properties).hasAwaited)
            let last = try #require(try await take(awaiting, attempt: 400, ledger: ledger))
            #expect(last.routingKey == "orders.to-erp.dead")
        }
    }

    @Test("an outage spends no attempt, and the message remembers that it was tried")
    func unavailable() async throws {
        try await withLedger { ledger in
            let copy = try #require(try await take(failure(.unavailable), attempt: 4, ledger: ledger))
            #expect(copy.routingKey == "orders.to-erp.retry.5s")
            let back = Samples.intake(properties: copy.properties)
            #expect(back.attempt == 5)
            #expect(CallJob(back, try Samples.message()).mayHaveBeenCalled)
        }
    }

    @Test("a first try has not been called before")
    func firstTry() throws {
        #expect(!CallJob(Samples.intake(), try Samples.message()).mayHaveBeenCalled)
        #expect(CallJob(Samples.intake(redelivered: true), try Samples.message()).mayHaveBeenCalled)
    }

    @Test("nothing but a confirm counts: the same copy is published until there is one")
    func unconfirmed() async throws {
        try await withLedger { ledger in
            let sink = SinkDouble(answers: [.unknown(reason: "time-out")])
            _ = try await take(failure(.rejected), ledger: ledger, sink: sink)
            #expect(sink.published.map(\.properties.messageID) == ["m-1", "m-1"])
            #expect(metrics.confirmsUnknown.total == 1)
        }
    }

    @Test(
        "a ledger in trouble is waited for; it never makes a second copy",
        arguments: [Failure.Category.rejected, .transient])
    func ledgerInTrouble(category: Failure.Category) async throws {
        try await withLedger { ledger in
            let reader = try Ledger.openReadOnly(path: ledger.path)
            let sink = SinkDouble()
            let failure = failure(category)
            let taking = Task { try await take(failure, ledger: reader, sink: sink) }
            try await inTime { await sink.waitForPublish() }
            taking.cancel()
            await #expect(throws: CancellationError.self) { try await taking.value }
            #expect(sink.published.count == 1)
            await reader.close()
        }
    }

    @Test("a publish ends with the process, not before")
    func cancelled() async throws {
        let sink = SinkDouble.nacking
        let publisher = ConfirmedPublisher(publisher: sink, metrics: metrics, logger: Samples.quiet)
        let publishing = Task { try await publisher.publish(OutgoingMessage(exchange: "e", routingKey: "k", body: [])) }
        try await inTime { await sink.waitForPublish() }
        publishing.cancel()
        await #expect(throws: CancellationError.self) { try await publishing.value }
    }

    // MARK: - What can never be published

    private static let refused = PublishOutcome.notSent(.preconditionFailed("a header name is longer than 128 bytes"))

    @Test(
        "a copy that cannot be published is published without what is foreign, and that ends it",
        arguments: [Failure.Category.rejected, .transient, .unavailable])
    func reduced(category: Failure.Category) async throws {
        try await withLedger { ledger in
            let sink = SinkDouble(answers: [Self.refused])
            let copy = try #require(try await take(failure(category), ledger: ledger, sink: sink))
            #expect(sink.published.count == 2)
            #expect(copy.properties.headers[MessageHeader.reduced]?.text?.contains("128 bytes") == true)
            #expect(copy.properties.headers[MessageHeader.code] == "c")
            #expect(copy.routingKey == sink.published.first?.routingKey)
            #expect(metrics.total(.deadLettered) + metrics.total(.retried) + metrics.total(.returned) == 1)
        }
    }

    @Test(
        "a message that no queue takes is a dead letter that the ledger keeps, body and all",
        arguments: [Failure.Category.rejected, .transient, .unavailable])
    func kept(category: Failure.Category) async throws {
        try await withLedger { ledger in
            let sink = SinkDouble(answers: [Self.refused, Self.refused])
            _ = try await take(failure(category), ledger: ledger, sink: sink)
            #expect(sink.published.count == 2)
            let letter = try #require(try await ledger.read { try $0.deadLetters() }.first)
            #expect(letter.code == "c" && letter.state == .open)
            #expect(letter.note?.contains("ledger alone") == true)
            let key = try #require(letter.payload)
            #expect(try await ledger.read { try $0.payload(id: key)?.body } == Array("{}".utf8))
            #expect(metrics.total(.deadLettered) == 1)
        }
    }

    @Test("a message whose only place is the ledger is not done before it is written there")
    func keptOnlyWhenWritten() async throws {
        try await withLedger { ledger in
            let reader = try Ledger.openReadOnly(path: ledger.path)
            let sink = SinkDouble(answers: [Self.refused, Self.refused])
            await #expect(throws: LedgerError.self) { try await take(failure(.rejected), ledger: reader, sink: sink) }
            await reader.close()
        }
    }

    @Test("the body of every dead letter is kept, with what its producer said of it")
    func body() async throws {
        try await withLedger { ledger in
            _ = try await take(failure(.rejected), ledger: ledger)
            let letter = try #require(try await ledger.read { try $0.deadLetters() }.first)
            let key = try #require(letter.payload)
            let kept = try await ledger.read { try $0.payload(id: key) }
            #expect(kept?.body == Array("{}".utf8))
            #expect(kept?.properties["message_id"] == "m-1")
            #expect(kept?.properties["content_type"] == IncomingMessage.structured)
        }
    }

    @Test("a publish that finds no place in time ends, so that the delivery can be given back")
    func unplaced() async throws {
        let sink = SinkDouble.nacking
        let publisher = ConfirmedPublisher(
            publisher: sink, metrics: metrics, logger: Samples.quiet, patience: .milliseconds(50))
        await #expect(throws: ConfirmedPublisher.Unplaced.self) {
            try await publisher.publish(OutgoingMessage(exchange: "e", routingKey: "k", body: []))
        }
    }

    @Test("a note that the ledger does not take for long holds the message back no longer")
    func notePatience() async throws {
        try await withLedger { ledger in
            let reader = try Ledger.openReadOnly(path: ledger.path)
            let sink = SinkDouble()
            var road = Samples.detour(reader, sink, metrics)
            road.notePatience = .zero
            try await road.take(Samples.intake(), names: ContractNames(), failure: failure(.rejected))
            #expect(sink.published.count == 1)
            await reader.close()
        }
    }

    @Test("a ledger that cannot be opened for a moment is waited for like one that cannot be written")
    func passing() {
        #expect(LedgerError.cannotOpen(path: "p", reason: "too many open files").mayPass)
        #expect(LedgerError.diskFull(path: "p").mayPass)
        #expect(!LedgerError.sql(code: 1, message: "").mayPass)
        #expect(!LedgerError.closed.mayPass)
    }

    @Test("where a message came from is remembered through retry queues, and believed from nowhere else")
    func origin() async throws {
        try await withLedger { ledger in
            let copy = try #require(try await take(failure(.transient), ledger: ledger))
            #expect(copy.properties.headers[MessageHeader.originKey] == "order.placed.v1")
            let back = Intake(
                Delivery(
                    tag: DeliveryTag(epoch: 1, value: 1), exchange: FleetTopology.requeueExchange,
                    routingKey: Samples.queue, properties: copy.properties, body: []))
            let letter = DeadLetter(
                back, names: ContractNames(), queue: Samples.queue, worker: "w", failure: Samples.failure)
            #expect(letter.message.properties.headers[MessageHeader.originExchange] == "commerce")
            #expect(letter.message.properties.headers[MessageHeader.originKey] == "order.placed.v1")
            let forged = Samples.intake(properties: .init(headers: [MessageHeader.originKey: "forged"]))
            #expect(forged.originKey == "order.placed.v1")
        }
    }
}
