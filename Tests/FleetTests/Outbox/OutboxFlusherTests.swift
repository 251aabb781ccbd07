import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

@Suite struct OutboxFlusherTests {
    private func flusher(_ ledger: Ledger, _ sink: SinkDouble, wake: WakeSignal = WakeSignal()) -> OutboxFlusher {
        OutboxFlusher(ledger: ledger, publisher: sink, holder: "w-1", logger: Samples.quiet, wake: wake)
    }

    private func enqueue(_ subjects: [String], _ ledger: Ledger) async throws {
        var status = try #require(try Samples.message(Catalogue.orderStatus).payload as? OrderStatus)
        let cause = try Samples.message().envelope
        for (index, subject) in subjects.enumerated() {
            status.number = subject
            status.revision = Int64(index + 1)
            let followUp = FollowUp(type: Catalogue.orderStatus, payload: status)
            let row = try OutboxMessage(followUp, cause: cause, time: .now())
            try await ledger.write { try $0.enqueueOutbox(row, at: Timestamp.now().microseconds) }
        }
    }

    @Test("everything is published, in order for each subject, and marked once confirmed")
    func drain() async throws {
        try await withLedger { ledger in
            try await enqueue(["A", "B", "A", "A", "B"], ledger)
            let sink = SinkDouble()
            await flusher(ledger, sink).drain()
            #expect(try await ledger.read { try $0.outboxCount() } == 0)
            let revisions = { (subject: String) in
                sink.published.map(\.properties.headers).filter { $0["cloudEvents_subject"]?.text == subject }
                    .map { $0["cloudEvents_revision"]?.integer }
            }
            #expect(revisions("A") == [1, 3, 4])
            #expect(revisions("B") == [2, 5])
        }
    }

    @Test("what is not confirmed stays, and is free for any flusher a second later")
    func unconfirmed() async throws {
        try await withLedger { ledger in
            try await enqueue(["A", "B"], ledger)
            await flusher(ledger, SinkDouble(answers: [.nacked, .confirmed])).drain()
            let now = Timestamp.now().microseconds
            let free = try await ledger.write {
                try $0.leaseOutbox(limit: 10, holder: "w-2", lease: .seconds(30), now: now + 2_000_000)
            }
            #expect(free.map(\.message.subject) == ["A"])
        }
    }

    @Test("a message mirrors its envelope in its properties and says what caused it")
    func properties() async throws {
        try await withLedger { ledger in
            try await enqueue(["A"], ledger)
            let sink = SinkDouble()
            await flusher(ledger, sink).drain()
            let cause = try Samples.message().envelope
            let message = try #require(sink.published.first)
            let received = try MessageReader().read(message.body)
            #expect(message.exchange == "commerce" && message.routingKey == "order.status.v1")
            #expect(message.properties.messageID == received.envelope.id)
            #expect(message.properties.type == "order.status.v1" && message.properties.deliveryMode == 2)
            #expect(message.properties.correlationID == cause.id)
            #expect(message.properties.headers["traceparent"]?.text == cause.traceParent)
            #expect(received.envelope.traceParent == cause.traceParent)
        }
    }

    @Test(
        "a follow-up that breaks its contract is mended where that loses nothing, and otherwise refused with its faults"
    )
    func contract() throws {
        let cause = try Samples.message().envelope
        var status = try #require(try Samples.message(Catalogue.orderStatus).payload as? OrderStatus)
        status.reason = OrderStatus.Reason(code: "credit.hold", text: String(repeating: "x", count: 9000))
        let row = try OutboxMessage(
            FollowUp(type: Catalogue.orderStatus, payload: status), cause: cause, time: .now())
        let told = try #require(try MessageReader().read(row.body).payload as? OrderStatus)
        #expect(told.reason?.text.count == 2000)
        status.lines[0].sku = " BOLT"
        let failure = try #require(throws: Failure.self) {
            try OutboxMessage(FollowUp(type: Catalogue.orderStatus, payload: status), cause: cause, time: .now())
        }
        #expect(failure.code == "follow-up.contract" && failure.category == .rejected)
        #expect(failure.faults.map(\.pointer) == ["/data/lines/0/sku"])
        #expect(throws: Failure.self) {
            try OutboxMessage(FollowUp(type: Catalogue.orderPlaced, payload: status), cause: cause, time: .now())
        }
    }

    @Test("the flusher wakes when rows are written, and ends when it is cancelled")
    func running() async throws {
        try await withLedger { ledger in
            let (sink, wake) = (SinkDouble(), WakeSignal())
            let running = Task { await flusher(ledger, sink, wake: wake).run() }
            try await enqueue(["A"], ledger)
            wake.set()
            try await inTime { await sink.waitForPublish() }
            running.cancel()
            try await inTime { await running.value }
        }
    }

    @Test("a row that can never be published becomes a dead letter with its body, and frees its subject")
    func refused() async throws {
        try await withLedger { ledger in
            try await enqueue(["A", "A", "B"], ledger)
            let sink = SinkDouble(answers: [.notSent(.preconditionFailed("message size 9 is larger than 8"))])
            await flusher(ledger, sink).drain()
            #expect(try await ledger.read { try $0.outboxCount() } == 0)
            #expect(sink.published.map { $0.properties.headers["cloudEvents_subject"]?.text } == ["A", "B", "A"])
            let letter = try #require(try await ledger.read { try $0.deadLetters() }.first)
            #expect(letter.code == "outbox.unpublishable" && letter.state == .open)
            #expect(letter.subject == "A" && letter.revision == 1 && letter.flow == "orders.to-store")
            let key = try #require(letter.payload)
            #expect(try await ledger.read { try $0.payload(id: key)?.body } == sink.published.first?.body)
            #expect(try await ledger.read { try $0.journalEntries(subject: "A") }.map(\.stage) == ["dead-lettered"])
        }
    }

    @Test("an id of the cause that AMQP has no room for is left out instead of holding the row back")
    func longCause() async throws {
        try await withLedger { ledger in
            let status = try #require(try Samples.message(Catalogue.orderStatus).payload as? OrderStatus)
            var cause = try Samples.message().envelope
            cause.id = String(repeating: "é", count: 128)
            let row = try OutboxMessage(
                FollowUp(type: Catalogue.orderStatus, payload: status), cause: cause, time: .now())
            try await ledger.write { try $0.enqueueOutbox(row, at: 1) }
            let sink = SinkDouble()
            await flusher(ledger, sink).drain()
            #expect(sink.published.map(\.properties.correlationID) == [nil])
        }
    }
}
