import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

@Suite struct ProjectionRoadTests {
    @Test("a bad message costs only itself", arguments: ["failure", "surprise", "statement"])
    func badNeighbour(kind: String) async throws {
        try await withLedger { ledger in
            let rig = ProjectionRig(ledger)
            try await rig.work(try ["A", kind, "B"].map { try Samples.statusBody($0) } + [Array("junk".utf8)])
            #expect(try await rig.seen() == ["A", "B"])
            let acks = (1...4).map { Settlement.ack(DeliveryTag(epoch: 1, value: $0)) }
            // What was applied does not wait for what was not.
            let settlements = await rig.feed.settlements
            #expect(settlements.prefix(2) == [acks[0], acks[2]])
            #expect(settlements.count == 4 && Set(settlements) == Set(acks))
            #expect(rig.sink.published.count == 2)
            #expect(rig.metrics.total(.applied) == 2)
        }
    }

    @Test("repeated and older messages are acknowledged and change nothing")
    func repeated() async throws {
        try await withLedger { ledger in
            let newer = try Samples.statusBody("A", revision: 2)
            let rig = ProjectionRig(ledger)
            try await rig.work([newer, newer, try Samples.statusBody("A", revision: 1)])
            #expect(rig.metrics.total(.applied) == 1)
            #expect(rig.metrics.total(.duplicate) == 1)
            #expect(rig.metrics.total(.superseded) == 1)
            #expect(rig.sink.published.isEmpty)
        }
    }

    @Test("the same revision with other content is a dead letter")
    func conflict() async throws {
        try await withLedger { ledger in
            var status = try #require(try Samples.message(Catalogue.orderStatus).payload as? OrderStatus)
            status.state = .shipped
            let envelope = Envelope(for: status, as: Catalogue.orderStatus, source: "urn:test", time: .now())
            let other = MessageWriter().write(envelope, status)
            let rig = ProjectionRig(ledger)
            try await rig.work([try Samples.statusBody("W-1001"), other])
            #expect(
                rig.sink.published.map { $0.properties.headers[MessageHeader.code]?.text }
                    == ["conflict.same-revision"])
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
            await #expect(throws: LedgerError.self) { try await ProjectionRig(reader).road.travel([item]) }
            await reader.close()
        }
    }

    @Test("a bad message whose dead-letter queue is out of reach holds back nobody")
    func deadQueueOutOfReach() async throws {
        try await withLedger { ledger in
            let rig = ProjectionRig(ledger, sink: .nacking)
            let bodies = try [Samples.statusBody("A"), Array("junk".utf8), Samples.statusBody("B")]
            await rig.feed.feed(bodies.enumerated().map { Samples.delivery($1, tag: UInt64($0 + 1)) })
            try await rig.run {
                try await inTime { await rig.feed.settled(2) }
                await rig.feed.feed([Samples.delivery(try Samples.statusBody("C"), tag: 4)])
                try await inTime { await rig.feed.settled(3) }
                #expect(await rig.feed.settlements == [1, 3, 4].map { .ack(DeliveryTag(epoch: 1, value: $0)) })
                try await inTime { await rig.sink.waitForPublish() }
                await rig.feed.stop()
                // The grace period is over: one message is still in hand, unacknowledged.
                #expect(await rig.worker.abandon() == 1)
            }
            #expect(await rig.feed.settlements.count == 3)
        }
    }

    @Test("deliveries that the ledger does not take for long are given back once, and the flow pauses")
    func ledgerAway() async throws {
        try await withLedger { ledger in
            let reader = try Ledger.openReadOnly(path: ledger.path)
            let rig = ProjectionRig(reader, patience: .milliseconds(20))
            await rig.feed.feed(
                try ["A", "B"].enumerated().map { Samples.delivery(try Samples.statusBody($1), tag: UInt64($0 + 1)) })
            try await rig.run {
                try await inTime { await rig.feed.settled(2) }
                // What was on its way already follows.
                await rig.feed.feed([Samples.delivery(try Samples.statusBody("C"), tag: 3)])
                try await inTime { await rig.feed.settled(3) }
                #expect(await rig.feed.settlements == (1...3).map { .requeue(DeliveryTag(epoch: 1, value: $0)) })
                #expect(await rig.feed.pauses == 1)
                #expect(await rig.feed.resumes == 0)
                #expect(rig.metrics.ledgerBlocked.now == 1)
            }
            await reader.close()
        }
    }
}
