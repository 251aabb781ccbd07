import FleetTesting
import Ledger
import Models
import RabbitMQ
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
        let sink = SinkDouble(answers: Array(repeating: .nacked, count: 1_000))
        let publisher = ConfirmedPublisher(publisher: sink, metrics: metrics, logger: Samples.quiet)
        let publishing = Task { try await publisher.publish(OutgoingMessage(exchange: "e", routingKey: "k", body: [])) }
        try await inTime { await sink.waitForPublish() }
        publishing.cancel()
        await #expect(throws: CancellationError.self) { try await publishing.value }
    }
}
