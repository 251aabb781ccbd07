import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

/// How a call worker tries what may be what crashes workers.
@Suite struct SuspectTests {
    private func tag(_ value: UInt64) -> DeliveryTag { DeliveryTag(epoch: 1, value: value) }

    @Test("suspects are tried one after the other")
    func suspects() async throws {
        try await withLedger { ledger in
            let calls = Shared<[String]>([])
            let (atOnce, most) = (Shared(0), Shared(0))
            let rig = CallRig(ledger) { message, _ in
                let now = atOnce.withLock { value in
                    value += 1
                    return value
                }
                most.withLock { $0 = max($0, now) }
                try? await ledger.checkWritable()
                calls.withLock { $0.append(message.envelope.subject) }
                atOnce.withLock { $0 -= 1 }
                return CallRig.applied
            }
            try await rig.work(
                try (1...4).map { number in
                    Samples.suspect(try Samples.orderBody("S-\(number)"), tag: UInt64(number), id: "m-\(number)")
                })
            #expect(calls.withLock { $0 }.sorted() == ["S-1", "S-2", "S-3", "S-4"])
            #expect(most.withLock { $0 } == 1)
            #expect(rig.published.isEmpty)
        }
    }

    @Test("suspects near the delivery limit leave before others are tried, as suspects that the broker counts anew")
    func nearDeliveryLimit() async throws {
        try await withLedger { ledger in
            let (broker, calls) = (Latch<Void>(), Shared(0))
            let rig = CallRig(ledger, sink: SinkDouble(confirmingAfter: broker)) { _, _ in
                calls.withLock { $0 += 1 }
                return CallRig.applied
            }
            let suspects = try [10, 3, 19].enumerated().map { index, returns in
                Samples.suspect(
                    try Samples.orderBody("S-\(index)"), tag: UInt64(index + 1), id: "m-\(index)",
                    returns: Int64(returns))
            }
            try await rig.running(suspects) {
                try await eventually { rig.sink.published.count == 2 }
                // A trial that did not wait for the broker would have got through its own writes by then.
                for _ in 1...10 { try await ledger.checkWritable() }
                #expect(calls.withLock { $0 } == 0)
                broker.open()
                try await inTime { await rig.feed.settled(3) }
            }
            #expect(rig.metrics.total(.applied) == 1)
            #expect(rig.published == ["orders.to-erp.retry.5s": 2])
            for copy in rig.sink.published {
                #expect(copy.properties.headers["x-delivery-count"] == nil)
                #expect(copy.properties.headers[MessageHeader.attempt]?.integer == 0)
                let back = Intake(Samples.returned(copy))
                #expect(back.isSuspect && !back.isNearDeliveryLimit)
            }
            #expect(await rig.feed.settlements.last == .ack(tag(2)), "the others have left before this one is tried")
        }
    }

    @Test("a suspect that cannot be read is a dead letter like any other")
    func unreadableSuspect() async throws {
        try await withLedger { ledger in
            let rig = CallRig(ledger) { _, _ in CallRig.applied }
            try await rig.work([Samples.suspect(Array("junk".utf8))])
            #expect(rig.published == ["orders.to-erp.dead": 1])
        }
    }

    @Test("a suspect near the delivery limit that no queue takes soon is tried where it is, and not returned again")
    func cannotLeave() async throws {
        try await withLedger { ledger in
            let sink = SinkDouble.nacking
            let rig = CallRig(ledger, sink: sink, suspectPatience: .zero) { _, _ in CallRig.applied }
            try await rig.work([
                Samples.suspect(try Samples.orderBody("A"), tag: 1, returns: 10),
                Samples.suspect(try Samples.orderBody("B"), tag: 2, id: "m-2"),
            ])
            #expect(rig.metrics.total(.applied) == 2)
            #expect(Set(await rig.feed.settlements) == [.ack(tag(1)), .ack(tag(2))])
        }
    }
}
