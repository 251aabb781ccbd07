import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

/// Notes which orders it was shown.
private struct NotingHandler: ProjectionHandler {
    let types = [Catalogue.orderPlaced.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        try transaction.addAlias(kind: "noted", value: "x", family: "f", subject: message.envelope.subject)
    }
}

/// What is noted of orders beside their way to the ERP.
@Suite struct LookoutTests {
    private let metrics = FlowMetrics(queue: Catalogue.takenOrders)

    private func note(_ deliveries: [Delivery], _ ledger: Ledger, sink: SinkDouble = SinkDouble()) async throws
        -> [ProjectionRoad.Stray]
    {
        let road = ProjectionRoad(
            queue: Catalogue.takenOrders, holder: "w-1", handlers: [Catalogue.orderPlaced.name: NotingHandler()],
            ledger: ledger, probation: Samples.probation(ledger), detour: Samples.detour(ledger, sink, metrics),
            metrics: metrics, logger: Samples.quiet, isObserver: true)
        let reader = MessageReader()
        return try await road.travel(deliveries.map { ProjectionRoad.Item(reading: Intake($0), with: reader) })
    }

    private func look(
        _ ledger: Ledger, isEmpty: Bool = true, patience: Duration = .zero
    ) async throws -> Int {
        try await Lookout(
            ledger: ledger, holder: "w-1", outboxWake: WakeSignal(), logger: Samples.quiet, isEmpty: { _ in isEmpty },
            patience: patience
        ).look()
    }

    private func outbox(_ ledger: Ledger) async throws -> [OutboxMessage] {
        try await ledger.write {
            try $0.leaseOutbox(limit: 100, holder: "t", lease: .seconds(1), now: Timestamp.now().microseconds)
        }.map(\.message)
    }

    @Test("an order is noted once at its newest revision, whatever its own flow does; a bad one makes no letter here")
    func noting() async throws {
        try await withLedger { ledger in
            let bodies = try [
                Samples.orderBody("A", revision: 2), Samples.orderBody("A"), Samples.orderBody("A", revision: 2),
                Array("junk".utf8), Samples.statusBody("B"),
            ]
            let strays = try await note(bodies.enumerated().map { Samples.delivery($1, tag: UInt64($0)) }, ledger)
            #expect(strays.isEmpty)
            let subjects = try await ledger.read { try $0.subjects(forAlias: "x").map(\.subject) }
            #expect(subjects == ["A"])
            #expect(metrics.total(.applied) == 1 && metrics.total(.duplicate) == 1 && metrics.total(.superseded) == 1)
            // Its own flow has not been there yet.
            #expect(try await ledger.read { try $0.subjectState(family: "order", subject: "A") } == nil)
            #expect(try await ledger.read { try $0.deadLetters(.init(state: nil)) }.isEmpty)
        }
    }

    @Test("an order that its own queue never had is sent there again, byte for byte")
    func lost() async throws {
        try await withLedger { ledger in
            let body = try Samples.orderBody("A")
            _ = try await note([Samples.delivery(body)], ledger)
            #expect(try await look(ledger, patience: .seconds(60)) == 0)
            #expect(try await look(ledger, isEmpty: false) == 0, "it may wait in its queue")
            #expect(try await look(ledger) == 1)
            let sent = try #require(try await outbox(ledger).first)
            #expect(sent.exchange == FleetTopology.requeueExchange && sent.routingKey == "orders.to-erp")
            #expect(sent.body == body && sent.type == Catalogue.orderPlaced.name)
            #expect(try await look(ledger, patience: .seconds(60)) == 0, "not again before it had its time")
        }
    }

    @Test("a try before its turn says nothing of its queue: it is sent there all the same")
    func triedAhead() async throws {
        try await withLedger { ledger in
            let body = try Samples.orderBody("A")
            _ = try await note([Samples.delivery(body)], ledger)
            let message = try MessageReader().read(body)
            for (stage, detail) in [("claimed", Pressing.beforeItsTurn), ("returned", Pressing.waits + "It failed.")] {
                let step = JournalEntry(message, attempt: 1, stage: stage, detail: detail, worker: "w-1", at: 1)
                try await ledger.write { try $0.journal(step) }
            }
            #expect(try await look(ledger) == 1)
            #expect(try await outbox(ledger).first?.body == body)
        }
    }

    @Test("of two orders whose producer gave both one id, each is sent again with its own body")
    func sharedID() async throws {
        try await withLedger { ledger in
            let bodies = try ["A", "B"].map { number in
                let text = String(decoding: try Samples.orderBody(number), as: UTF8.self)
                let id = try MessageReader().read(Array(text.utf8)).envelope.id
                return Array(text.replacing(id, with: "one-id").utf8)
            }
            _ = try await note(bodies.enumerated().map { Samples.delivery($1, tag: UInt64($0)) }, ledger)
            #expect(try await look(ledger) == 2)
            #expect(try await outbox(ledger).map(\.body) == bodies)
            let kept = try await ledger.read { try $0.first("SELECT count(*) FROM payload") { $0.integer(0) } }
            #expect(kept == 2)
        }
    }

    @Test("one whose body is not kept any more is given up, and explained")
    func bodyGone() async throws {
        try await withLedger { ledger in
            _ = try await note([Samples.delivery(try Samples.orderBody("A"))], ledger)
            try await ledger.write { _ = try $0.execute("DELETE FROM payload") }
            #expect(try await look(ledger) == 0)
            #expect(try await outbox(ledger).isEmpty)
            let entries = try await ledger.read { try $0.journalEntries(subject: "A") }
            #expect(entries.filter { Self.says($0.code, "body.gone") }.count == 1)
            #expect(try await look(ledger) == 0)
        }
    }

    private static func says(_ code: String?, _ text: String) -> Bool { code == text }

    @Test("a message in binary mode is sent again in the form that needs no headers")
    func binary() async throws {
        try await withLedger { ledger in
            let order = try #require(try Samples.message().payload as? Order)
            let whole = String(decoding: try Samples.orderBody(order.number, revision: order.revision), as: UTF8.self)
            // The last member of the envelope.
            let data = Array(try #require(whole.split(separator: "\"data\":").last).utf8.dropLast())
            let properties = MessageProperties(
                contentType: "application/json",
                headers: [
                    "cloudEvents_id": "m-9", "cloudEvents_source": "urn:test:store",
                    "cloudEvents_type": .string(Catalogue.orderPlaced.name), "cloudEvents_specversion": "1.0",
                    "cloudEvents_subject": .string(order.number), "cloudEvents_revision": .int64(order.revision),
                    "cloudEvents_time": "2026-03-01T12:00:00Z",
                ])
            _ = try await note([Samples.delivery(data, properties: properties)], ledger)
            #expect(try await look(ledger) == 1)
            let again = try MessageReader().read(try #require(try await outbox(ledger).first).body)
            #expect(again.payload as? Order == order && again.envelope.id == "m-9")
        }
    }

    @Test(
        "what its own flow has begun with is that flow's, whatever became of it",
        arguments: ["claimed", "retried", "dead-lettered", "superseded"])
    func begun(stage: String) async throws {
        try await withLedger { ledger in
            _ = try await note([Samples.delivery(try Samples.orderBody("A"))], ledger)
            try await ledger.write { transaction in
                try transaction.journal(
                    JournalEntry(
                        at: 1, messageID: "m", type: Catalogue.orderPlaced.name, subject: "A", revision: 1,
                        stage: stage, code: "ok", detail: nil, worker: "w", attempt: 1))
            }
            #expect(try await look(ledger) == 0)
            let left = try await ledger.read { try $0.first("SELECT count(*) FROM observed") { $0.integer(0) } }
            #expect(left == 0)
        }
    }

    @Test("an older revision that was handled says nothing of a newer one, and a status nothing of its order")
    func newer() async throws {
        try await withLedger { ledger in
            _ = try await note([Samples.delivery(try Samples.orderBody("A", revision: 2))], ledger)
            try await ledger.write { transaction in
                for (type, revision) in [(Catalogue.orderPlaced, Int64(1)), (Catalogue.orderStatus, 7)] {
                    try transaction.journal(
                        JournalEntry(
                            at: 1, messageID: "m", type: type.name, subject: "A", revision: revision, stage: "applied",
                            code: "ok", detail: nil, worker: "w", attempt: 1))
                }
            }
            #expect(try await look(ledger) == 1)
        }
    }

    @Test("trouble in noting an order is no sign of its own flow")
    func ownTrouble() async throws {
        try await withLedger { ledger in
            _ = try await note([Samples.delivery(try Samples.orderBody("A"))], ledger)
            let road = DetourRoad(
                queue: Catalogue.takenOrders, holder: "w-1",
                publisher: ConfirmedPublisher(publisher: SinkDouble(), metrics: metrics, logger: Samples.quiet),
                ledger: ledger, policy: RetryPolicy(), metrics: metrics, logger: Samples.quiet)
            let intake = Intake(Samples.delivery(try Samples.orderBody("A")))
            let names = ContractNames(try MessageReader().read(intake).envelope)
            try await road.take(
                intake, names: names,
                failure: Failure(code: "c", category: .transient, sentence: "s", remedy: "r"))
            #expect(
                try await ledger.read { try $0.journalEntries(subject: "A").map(\.stage) } == [
                    "noted", "noted-retried",
                ])
            #expect(try await look(ledger) == 1)
        }
    }

    @Test("while the flow is paused nothing of it is lost")
    func paused() async throws {
        try await withLedger { ledger in
            _ = try await note([Samples.delivery(try Samples.orderBody("A"))], ledger)
            try await ledger.write { transaction in
                let now = Timestamp.now().microseconds
                try transaction.record(
                    FlowPause(queue: "orders.to-erp", holder: "w", since: now, code: "c", reason: "r", remedy: "m"),
                    now: now)
            }
            #expect(try await look(ledger) == 0)
        }
    }
}
