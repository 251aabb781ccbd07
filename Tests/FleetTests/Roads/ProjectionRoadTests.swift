import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

/// Fails for the subjects it is told to, in the way they say.
private struct MoodyHandler: ProjectionHandler {
    let types = [Catalogue.orderStatus.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        switch message.envelope.subject {
        case "failure": throw Samples.failure
        case "surprise": throw TookTooLong()
        case "statement": try transaction.execute("INSERT INTO no_such_table VALUES (1)")
        default: try transaction.addAlias(kind: "seen", value: "x", family: "f", subject: message.envelope.subject)
        }
    }
}

@Suite struct ProjectionRoadTests {
    private let metrics = FlowMetrics(queue: Samples.queue)

    private func road(
        _ ledger: Ledger, _ sink: SinkDouble, suspectPatience: Duration = .seconds(30), probation: Probation? = nil
    ) -> ProjectionRoad {
        ProjectionRoad(
            queue: Samples.queue, holder: "w-1", handlers: [Catalogue.orderStatus.name: MoodyHandler()],
            ledger: ledger, probation: probation ?? Samples.probation(ledger),
            detour: Samples.detour(ledger, sink, metrics, suspectPatience: suspectPatience), metrics: metrics,
            logger: Samples.quiet)
    }

    private func worker(
        _ feed: DeliveryFeed, _ ledger: Ledger, _ sink: SinkDouble = SinkDouble(), patience: Duration = .seconds(600),
        suspectPatience: Duration = .seconds(30), probation: Probation? = nil
    ) -> ProjectionWorker {
        let watch = LedgerWatch(
            consumer: feed, ledger: ledger, metrics: metrics, logger: Samples.quiet, patience: patience,
            interval: .milliseconds(5))
        return ProjectionWorker(
            consumer: feed, road: road(ledger, sink, suspectPatience: suspectPatience, probation: probation),
            ledgerWatch: watch, finished: Latch(), metrics: metrics, logger: Samples.quiet)
    }

    /// Feeds the bodies to a worker and stops it.
    private func work(_ bodies: [[UInt8]], _ ledger: Ledger, _ sink: SinkDouble = SinkDouble()) async throws
        -> DeliveryFeed
    {
        let feed = DeliveryFeed()
        let worker = worker(feed, ledger, sink)
        let deliveries = bodies.enumerated().map { Samples.delivery($1, tag: UInt64($0 + 1)) }
        await feed.feed(deliveries)
        let running = Task { await worker.run() }
        try await inTime { await feed.settled(deliveries.count) }
        await feed.stop()
        try await inTime { await running.value }
        return feed
    }

    private func seen(_ ledger: Ledger) async throws -> [String] {
        try await ledger.read { try $0.subjects(forAlias: "x").map(\.subject) }
    }

    @Test("a bad message costs only itself", arguments: ["failure", "surprise", "statement"])
    func badNeighbour(kind: String) async throws {
        try await withLedger { ledger in
            let sink = SinkDouble()
            let bodies = try ["A", kind, "B"].map { try Samples.statusBody($0) } + [Array("junk".utf8)]
            let feed = try await work(bodies, ledger, sink)
            #expect(try await seen(ledger) == ["A", "B"])
            let acks = (1...4).map { Settlement.ack(DeliveryTag(epoch: 1, value: $0)) }
            // What was applied does not wait for what was not.
            let settlements = await feed.settlements
            #expect(settlements.prefix(2) == [acks[0], acks[2]])
            #expect(settlements.count == 4 && Set(settlements) == Set(acks))
            #expect(sink.published.count == 2)
            #expect(metrics.total(.applied) == 2)
        }
    }

    @Test("repeated and older messages are acknowledged and change nothing")
    func repeated() async throws {
        try await withLedger { ledger in
            let newer = try Samples.statusBody("A", revision: 2)
            let sink = SinkDouble()
            _ = try await work([newer, newer, try Samples.statusBody("A", revision: 1)], ledger, sink)
            #expect(metrics.total(.applied) == 1)
            #expect(metrics.total(.duplicate) == 1)
            #expect(metrics.total(.superseded) == 1)
            #expect(sink.published.isEmpty)
        }
    }

    @Test("the same revision with other content is a dead letter")
    func conflict() async throws {
        try await withLedger { ledger in
            let sink = SinkDouble()
            var status = try #require(try Samples.message(Catalogue.orderStatus).payload as? OrderStatus)
            status.state = .shipped
            let envelope = Envelope(for: status, as: Catalogue.orderStatus, source: "urn:test", time: .now())
            let other = MessageWriter().write(envelope, status)
            _ = try await work([try Samples.statusBody("W-1001"), other], ledger, sink)
            #expect(
                sink.published.map { $0.properties.headers[MessageHeader.code]?.text } == ["conflict.same-revision"])
        }
    }

    @Test("large messages are written fewer at a time, small ones all together, each once and in their order")
    func groups() throws {
        func sizes(_ bodies: [Int]) -> [[Int]] {
            let items = bodies.map { size in
                ProjectionRoad.Item(
                    Samples.intake(Array(repeating: 0, count: size)), ContractNames(), Samples.failure)
            }
            return ProjectionRoad.groups(of: items, bytes: 10).map { $0.map(\.intake.delivery.body.count) }
        }
        #expect(sizes([]) == [])
        #expect(sizes([1, 2, 3, 4]) == [[1, 2, 3, 4]])
        #expect(sizes([11, 1, 9, 1, 12, 13]) == [[11], [1, 9], [1], [12], [13]])
    }

    @Test("when the ledger takes nothing, nothing is acknowledged")
    func noLedger() async throws {
        try await withLedger { ledger in
            let reader = try Ledger.openReadOnly(path: ledger.path)
            let item = ProjectionRoad.Item(Samples.intake(), try Samples.message(Catalogue.orderStatus))
            await #expect(throws: LedgerError.self) { try await road(reader, SinkDouble()).travel([item]) }
            await reader.close()
        }
    }

    @Test("a bad message whose dead-letter queue is out of reach holds back nobody")
    func deadQueueOutOfReach() async throws {
        try await withLedger { ledger in
            let sink = SinkDouble(answers: Array(repeating: .nacked, count: 100_000))
            let feed = DeliveryFeed()
            let worker = worker(feed, ledger, sink)
            let bodies = try [Samples.statusBody("A"), Array("junk".utf8), Samples.statusBody("B")]
            await feed.feed(bodies.enumerated().map { Samples.delivery($1, tag: UInt64($0 + 1)) })
            let running = Task { await worker.run() }
            try await inTime { await feed.settled(2) }
            await feed.feed([Samples.delivery(try Samples.statusBody("C"), tag: 4)])
            try await inTime { await feed.settled(3) }
            #expect(await feed.settlements == [1, 3, 4].map { .ack(DeliveryTag(epoch: 1, value: $0)) })
            try await inTime { await sink.waitForPublish() }
            await feed.stop()
            // The grace period is over: one message is still in hand, unacknowledged.
            #expect(await worker.abandon() == 1)
            try await inTime { await running.value }
            #expect(await feed.settlements.count == 3)
        }
    }

    @Test("deliveries that the ledger does not take for long are given back once, and the flow pauses")
    func ledgerAway() async throws {
        try await withLedger { ledger in
            let reader = try Ledger.openReadOnly(path: ledger.path)
            let feed = DeliveryFeed()
            let worker = worker(feed, reader, patience: .milliseconds(20))
            await feed.feed(
                try ["A", "B"].enumerated().map { Samples.delivery(try Samples.statusBody($1), tag: UInt64($0 + 1)) })
            let running = Task { await worker.run() }
            try await inTime { await feed.settled(2) }
            // What was on its way already follows.
            await feed.feed([Samples.delivery(try Samples.statusBody("C"), tag: 3)])
            try await inTime { await feed.settled(3) }
            #expect(await feed.settlements == (1...3).map { .requeue(DeliveryTag(epoch: 1, value: $0)) })
            #expect(await feed.pauses == 1)
            #expect(await feed.resumes == 0)
            #expect(metrics.ledgerBlocked.now == 1)
            await feed.stop()
            try await inTime { await running.value }
            await reader.close()
        }
    }

    @Test("a suspect is not even decoded before it is alone and marked")
    func suspects() async throws {
        try await withLedger { ledger in
            let feed = DeliveryFeed()
            let sink = SinkDouble()
            let worker = worker(feed, ledger, sink)
            await feed.feed([
                Samples.suspect(Array("junk".utf8), tag: 1), Samples.delivery(try Samples.statusBody("A"), tag: 2),
                Samples.suspect(try Samples.statusBody("B"), tag: 3, id: "m-2"),
            ])
            let running = Task { await worker.run() }
            try await inTime { await feed.settled(3) }
            await feed.stop()
            try await inTime { await running.value }
            #expect(try await seen(ledger) == ["A", "B"])
            #expect(sink.published.map { $0.properties.headers[MessageHeader.code] } == ["malformed.json"])
        }
    }

    @Test("nothing is decoded while a suspect of another flow of this process is on trial")
    func trialElsewhere() async throws {
        try await withLedger { ledger in
            let feed = DeliveryFeed()
            let probation = Samples.probation(ledger)
            let worker = worker(feed, ledger, probation: probation)
            let running = try await probation.solitude.enter(alone: true) {
                await feed.feed([Samples.delivery(try Samples.statusBody("A"), tag: 1)])
                let running = Task { await worker.run() }
                try await eventually("the worker to wait") { probation.solitude.waiting == 1 }
                // What has been decoded is in flight, and would wait as well.
                #expect(metrics.inFlight.now == 0)
                return running
            }
            try await inTime { await feed.settled(1) }
            #expect(try await seen(ledger) == ["A"])
            await feed.stop()
            try await inTime { await running.value }
        }
    }

    @Test("suspects near the delivery limit leave before others are tried")
    func nearDeliveryLimit() async throws {
        try await withLedger { ledger in
            let (broker, feed) = (Latch<Void>(), DeliveryFeed())
            let sink = SinkDouble(confirmingAfter: broker)
            let worker = worker(feed, ledger, sink)
            await feed.feed([
                Samples.suspect(try Samples.statusBody("A"), tag: 1),
                Samples.suspect(try Samples.statusBody("B"), tag: 2, id: "m-2", returns: 10),
            ])
            let running = Task { await worker.run() }
            try await eventually { sink.published.count == 1 }
            for _ in 1...10 { try await ledger.checkWritable() }
            #expect(try await seen(ledger).isEmpty)
            broker.open()
            try await inTime { await feed.settled(2) }
            await feed.stop()
            try await inTime { await running.value }
            #expect(try await seen(ledger) == ["A"])
            #expect(Intake(Samples.returned(try #require(sink.published.first))).isSuspect)
        }
    }

    @Test("the flow does not stand still for a suspect that no queue takes: it is tried where it is")
    func cannotLeave() async throws {
        try await withLedger { ledger in
            let feed = DeliveryFeed()
            let sink = SinkDouble(answers: Array(repeating: .nacked, count: 100_000))
            let worker = worker(feed, ledger, sink, suspectPatience: .zero)
            await feed.feed([
                Samples.suspect(try Samples.statusBody("A"), tag: 1, returns: 10),
                Samples.delivery(try Samples.statusBody("B"), tag: 2),
            ])
            let running = Task { await worker.run() }
            try await inTime { await feed.settled(2) }
            await feed.stop()
            try await inTime { await running.value }
            #expect(try await seen(ledger) == ["A", "B"])
            #expect(await feed.settlements == [1, 2].map { .ack(DeliveryTag(epoch: 1, value: $0)) })
        }
    }

    @Test("poison is a dead letter without having been read")
    func poison() async throws {
        try await withLedger { ledger in
            let suspect = Intake(Samples.suspect(try Samples.statusBody("P")))
            _ = try await ledger.write { transaction in
                try transaction.execute(
                    "INSERT INTO probation (key, starts) VALUES (?, 3)", .text(Samples.queue + "\u{1F}" + suspect.key))
            }
            let strays = try await road(ledger, SinkDouble()).travel(suspect: suspect)
            #expect(strays.map(\.failure.code) == ["poison.crash"])
            #expect(try await seen(ledger).isEmpty)
        }
    }

    // MARK: - The end of dead letters

    private func record(_ id: String, revision: Int64, _ state: DeadLetterState, _ ledger: Ledger) async throws {
        let letter = DeadLetterRecord(
            id: id, queue: "q", flow: Samples.queue, type: Catalogue.orderStatus.name, subject: "A", revision: revision,
            code: "c", category: "rejected", sentence: "s", fingerprint: "f", attempts: 1, firstFailedAt: 1,
            lastFailedAt: 1, state: state)
        try await ledger.write { try $0.recordDeadLetter(letter) }
    }

    private func states(_ ledger: Ledger) async throws -> [String: DeadLetterState] {
        let letters = try await ledger.read { try $0.deadLetters(.init(state: nil)) }
        return Dictionary(letters.map { ($0.id, $0.state) }) { first, _ in first }
    }

    @Test("a dead letter is resolved when its revision is applied after all, or a newer one is; a newer letter stays")
    func resolved() async throws {
        try await withLedger { ledger in
            try await record("replayed", revision: 2, .replayed, ledger)
            try await record("older", revision: 1, .open, ledger)
            try await record("newer", revision: 3, .open, ledger)
            _ = try await work([try Samples.statusBody("A", revision: 2)], ledger)
            #expect(try await states(ledger) == ["replayed": .resolved, "older": .resolved, "newer": .open])
        }
    }

    @Test("a dead letter is resolved when its replay finds its revision applied or overtaken")
    func overtaken() async throws {
        try await withLedger { ledger in
            let newest = try Samples.statusBody("A", revision: 3)
            _ = try await work([newest], ledger)
            try await record("twin", revision: 3, .replayed, ledger)
            _ = try await work([newest], ledger)
            #expect(try await states(ledger) == ["twin": .resolved])
            try await record("late", revision: 2, .replayed, ledger)
            _ = try await work([try Samples.statusBody("A", revision: 2)], ledger)
            #expect(try await states(ledger)["late"] == .resolved)
            let note = try await ledger.read { try $0.deadLetter(id: "late")?.note }
            #expect(note == "overtaken by revision 3")
        }
    }
}
