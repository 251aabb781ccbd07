import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

@Suite struct CallWorkerTests {
    @Test("a call's effect, follow-up and journal are durable before the acknowledgement")
    func effect() async throws {
        try await withLedger { ledger in
            let status = try #require(try Samples.message(Catalogue.orderStatus).payload as? OrderStatus)
            let rig = CallRig(ledger) { _, _ in
                .effect(
                    Effect(state: "accepted", reference: "SO-1") { _ in
                        [FollowUp(type: Catalogue.orderStatus, payload: status)]
                    })
            }
            try await rig.work(try Samples.orders(["A"]))
            let (state, waiting) = try await ledger.read {
                (try $0.subjectState(family: "order", subject: "A"), try $0.outboxCount())
            }
            #expect(state?.revision == 1 && state?.reference == "SO-1" && state?.leaseHolder == nil)
            #expect(waiting == 1)
            #expect(await rig.feed.settlements == [.ack(DeliveryTag(epoch: 1, value: 1))])
        }
    }

    @Test("an answer that cannot be told to the store lands in front of a person, and the order can be tried again")
    func untellable() async throws {
        try await withLedger { ledger in
            var status = try #require(try Samples.message(Catalogue.orderStatus).payload as? OrderStatus)
            status.lines[0].sku = ""
            let rig = CallRig(ledger) { [status] _, _ in
                .effect(
                    Effect(state: "accepted", reference: "SO-1") { _ in
                        [FollowUp(type: Catalogue.orderStatus, payload: status)]
                    })
            }
            try await rig.work(try Samples.orders(["A"]))
            #expect(rig.sink.published.map(\.routingKey) == ["orders.to-erp.dead"])
            #expect(rig.sink.published.first?.properties.headers[MessageHeader.code]?.text == "follow-up.contract")
            let (state, waiting) = try await ledger.read {
                (try $0.subjectState(family: "order", subject: "A"), try $0.outboxCount())
            }
            #expect(state?.leaseHolder == nil && waiting == 0)
        }
    }

    @Test("never two calls for one order at once, and each revision is called at most once")
    func oneAtATime() async throws {
        try await withLedger { ledger in
            let calls = Shared((now: [String: Int](), most: 0))
            let rig = CallRig(ledger) { message, _ in
                let subject = message.envelope.subject
                calls.withLock {
                    $0.now[subject, default: 0] += 1
                    $0.most = max($0.most, $0.now[subject, default: 0])
                }
                await Task.yield()
                calls.withLock { $0.now[subject, default: 0] -= 1 }
                return CallRig.applied
            }
            let deliveries = try (0..<60).map { index in
                Samples.delivery(
                    try Samples.orderBody("S-\(index % 5)", revision: Int64(index + 1)), tag: UInt64(index + 1))
            }
            try await rig.work(deliveries)
            #expect(calls.withLock { $0.most } == 1)
            #expect(rig.metrics.total(.applied) == 60)
        }
    }

    @Test("a malformed message is dead-lettered and holds nobody up")
    func malformed() async throws {
        try await withLedger { ledger in
            let rig = CallRig(ledger) { _, _ in CallRig.applied }
            try await rig.work(try Samples.orders(["A"]) + [Samples.delivery(Array("junk".utf8), tag: 2)])
            #expect(rig.sink.published.map(\.routingKey) == ["orders.to-erp.dead"])
            #expect(rig.metrics.total(.applied) == 1)
        }
    }

    @Test("a failed call of a system that answers otherwise is tried again later")
    func transient() async throws {
        try await withLedger { ledger in
            let rig = CallRig(ledger) { _, _ in
                .failure(Failure(code: "c", category: .transient, sentence: "s", remedy: "r"))
            }
            try await rig.work(try Samples.orders(["A"]))
            #expect(rig.sink.published.map(\.routingKey) == ["orders.to-erp.retry.5s"])
            #expect(await rig.feed.pauses == 0)
            let state = try await ledger.read { try $0.subjectState(family: "order", subject: "A") }
            #expect(state?.leaseHolder == nil)
        }
    }

    @Test("when the system is out of reach the flow pauses and no attempt is spent")
    func outage() async throws {
        try await withLedger { ledger in
            let rig = CallRig(ledger, isReachable: false) { _, _ in
                .failure(Failure(code: "c", category: .transient, sentence: "s", remedy: "r"))
            }
            await rig.feed.feed(try Samples.orders(["A", "B", "C"]))
            let running = Task { await rig.worker.run() }
            try await eventually { await rig.feed.pauses == 1 }
            await rig.stop()
            try await inTime { await running.value }
            #expect(rig.sink.published.allSatisfy { $0.properties.headers[MessageHeader.attempt]?.integer == 0 })
            #expect(await rig.feed.pauses == 1)
        }
    }

    @Test("after an error on the way the handler hears that its call may have been made")
    func interrupted() async throws {
        try await withLedger { ledger in
            let contexts = Shared<[Bool]>([])
            let rig = CallRig(ledger) { _, context in
                let isFirst = contexts.withLock { seen in
                    seen.append(context.mayHaveBeenCalled)
                    return seen.count == 1
                }
                // The first answer cannot be recorded, as on a full disk.
                return .effect(
                    Effect(state: "accepted", reference: nil) { _ in
                        if isFirst { throw LedgerError.diskFull(path: "ledger") }
                        return []
                    })
            }
            try await rig.work(try Samples.orders(["A"]))
            #expect(contexts.withLock { $0 } == [false, true])
        }
    }

    @Test("another copy of an order hears that the first one's call, which nobody answered, may have been heard")
    func copyOfLostCall() async throws {
        try await withLedger { ledger in
            let contexts = Shared<[Bool]>([])
            let rig = CallRig(ledger) { _, context in
                let isFirst = contexts.withLock { seen in
                    seen.append(context.mayHaveBeenCalled)
                    return seen.count == 1
                }
                guard isFirst else { return CallRig.applied }
                return .failure(Failure(code: "c", category: .transient, sentence: "s", remedy: "r"))
            }
            try await rig.work(try Samples.orders(["A", "A"]))
            #expect(contexts.withLock { $0 } == [false, true])
            let state = try await ledger.read { try $0.subjectState(family: "order", subject: "A") }
            #expect(state?.revision == 1 && state?.isUncertain == false)
        }
    }

    @Test("a stop does not wait for messages that wait for room; they go back to the queue")
    func stopWhileParked() async throws {
        try await withLedger { ledger in
            let called = Latch<Void>()
            let rig = CallRig(ledger) { _, _ in
                called.open()
                return .slowDown(after: .seconds(60))
            }
            await rig.feed.feed(try Samples.orders(["A"]))
            let running = Task { await rig.worker.run() }
            try await inTime { await called.wait() }
            await rig.stop()
            try await inTime { await running.value }
            #expect(await rig.feed.settlements == [.requeue(DeliveryTag(epoch: 1, value: 1))])
        }
    }

    @Test("a stop finishes what is in flight and gives back what has not begun")
    func stopInFlight() async throws {
        try await withLedger { ledger in
            let (called, answer) = (Latch<Void>(), Latch<Void>())
            let rig = CallRig(ledger) { _, _ in
                called.open()
                await answer.wait()
                return CallRig.applied
            }
            // The second waits behind the first, because it is of the same order.
            await rig.feed.feed([
                Samples.delivery(try Samples.orderBody("A"), tag: 1),
                Samples.delivery(try Samples.orderBody("A", revision: 2), tag: 2),
            ])
            let running = Task { await rig.worker.run() }
            try await inTime { await called.wait() }
            await rig.stop()
            try await inTime { await rig.feed.settled(1) }
            answer.open()
            try await inTime { await running.value }
            #expect(
                await rig.feed.settlements
                    == [.requeue(DeliveryTag(epoch: 1, value: 2)), .ack(DeliveryTag(epoch: 1, value: 1))])
        }
    }

    @Test("a call broken off by the end of the grace period is neither settled nor an outage")
    func abandoned() async throws {
        try await withLedger { ledger in
            let called = Latch<Void>()
            let (silence, answer) = AsyncStream<Void>.makeStream()
            let rig = CallRig(ledger, isReachable: false) { _, _ in
                called.open()
                // As a network call does: without an answer it ends with an error when its task is cancelled.
                for await _ in silence {}
                return .failure(Failure(code: "c", category: .transient, sentence: "s", remedy: "r"))
            }
            await rig.feed.feed(try Samples.orders(["A"]))
            let running = Task { await rig.worker.run() }
            try await inTime { await called.wait() }
            await rig.stop()
            #expect(await rig.worker.abandon() == 1)
            try await inTime { await running.value }
            answer.finish()
            #expect(await rig.feed.settlements.isEmpty)
            #expect(rig.sink.published.isEmpty)
            let state = try await ledger.read { try $0.subjectState(family: "order", subject: "A") }
            #expect(state?.leaseHolder == nil)
        }
    }

    @Test("an order that another worker holds waits a moment, without an attempt")
    func busy() async throws {
        try await withLedger { ledger in
            let key = ClaimKey(family: "order", subject: "A", revision: 1, hash: ContentDigest(high: 1, low: 2))
            _ = try await ledger.write {
                try $0.claim(key, holder: "other", lease: .seconds(60), now: Timestamp.now().microseconds)
            }
            let rig = CallRig(ledger) { _, _ in CallRig.applied }
            try await rig.work(try Samples.orders(["A"]))
            #expect(rig.sink.published.map(\.routingKey) == ["orders.to-erp.retry.5s"])
            #expect(rig.metrics.total(.applied) == 0)
        }
    }
}
