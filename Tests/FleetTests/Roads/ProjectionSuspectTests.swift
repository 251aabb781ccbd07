import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

/// What may have killed a worker goes down the road of a projection alone.
@Suite struct ProjectionSuspectTests {
    @Test("a suspect is not even decoded before it is alone and marked")
    func alone() async throws {
        try await withLedger { ledger in
            let rig = ProjectionRig(ledger)
            try await rig.work([
                Samples.suspect(Array("junk".utf8), tag: 1), Samples.delivery(try Samples.statusBody("A"), tag: 2),
                Samples.suspect(try Samples.statusBody("B"), tag: 3, id: "m-2"),
            ])
            #expect(try await rig.seen() == ["A", "B"])
            #expect(rig.sink.published.map { $0.properties.headers[MessageHeader.code] } == ["malformed.json"])
        }
    }

    @Test("nothing is decoded while a suspect of another flow of this process is on trial")
    func trialElsewhere() async throws {
        try await withLedger { ledger in
            let rig = ProjectionRig(ledger)
            let solitude = rig.probation.solitude
            let running = try await solitude.enter(alone: true) {
                await rig.feed.feed([Samples.delivery(try Samples.statusBody("A"), tag: 1)])
                let running = Task { await rig.worker.run() }
                try await eventually("the worker to wait") { solitude.waiting == 1 }
                // What has been decoded is in flight, and would wait as well.
                #expect(rig.metrics.inFlight.now == 0)
                return running
            }
            try await inTime { await rig.feed.settled(1) }
            #expect(try await rig.seen() == ["A"])
            await rig.feed.stop()
            try await inTime { await running.value }
        }
    }

    @Test("suspects near the delivery limit leave before others are tried")
    func nearDeliveryLimit() async throws {
        try await withLedger { ledger in
            let broker = Latch<Void>()
            let rig = ProjectionRig(ledger, sink: SinkDouble(confirmingAfter: broker))
            await rig.feed.feed([
                Samples.suspect(try Samples.statusBody("A"), tag: 1),
                Samples.suspect(try Samples.statusBody("B"), tag: 2, id: "m-2", returns: 10),
            ])
            try await rig.run {
                try await eventually { rig.sink.published.count == 1 }
                for _ in 1...10 { try await ledger.checkWritable() }
                #expect(try await rig.seen().isEmpty)
                broker.open()
                try await inTime { await rig.feed.settled(2) }
            }
            #expect(try await rig.seen() == ["A"])
            #expect(Intake(Samples.returned(try #require(rig.sink.published.first))).isSuspect)
        }
    }

    @Test("the flow does not stand still for a suspect that no queue takes: it is tried where it is")
    func cannotLeave() async throws {
        try await withLedger { ledger in
            let rig = ProjectionRig(ledger, sink: .nacking, suspectPatience: .zero)
            try await rig.work([
                Samples.suspect(try Samples.statusBody("A"), tag: 1, returns: 10),
                Samples.delivery(try Samples.statusBody("B"), tag: 2),
            ])
            #expect(try await rig.seen() == ["A", "B"])
            #expect(await rig.feed.settlements == [1, 2].map { .ack(DeliveryTag(epoch: 1, value: $0)) })
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
            let rig = ProjectionRig(ledger)
            let strays = try await rig.road.travel(suspect: suspect)
            #expect(strays.map(\.failure.code) == ["poison.crash"])
            #expect(try await rig.seen().isEmpty)
        }
    }
}
