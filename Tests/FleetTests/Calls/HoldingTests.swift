import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

/// What a worker holds, how long, and what it does with the rest.
@Suite struct HoldingTests {
    private let short = HoldLimits(
        waiting: .milliseconds(50), detour: .milliseconds(50), pause: .zero, sweep: .milliseconds(10))

    private func tag(_ value: UInt64, epoch: UInt64 = 1) -> DeliveryTag { DeliveryTag(epoch: epoch, value: value) }

    @Test("all that can hold a message of a projection is together shorter than the broker's half hour")
    func together() {
        #expect(HoldLimits().longestProjection < .seconds(1_800))
    }

    @Test("a system that refuses every call for an hour pauses the flow: nothing is held, nothing is spent")
    func refusedForLong() async throws {
        try await withLedger { ledger in
            let calls = Shared(0)
            let rig = CallRig(ledger) { _, _ in
                calls.withLock { $0 += 1 }
                return .slowDown(after: .seconds(3_600))
            }
            let numbers = (0..<40).map { "W-\($0)" }
            try await rig.running(try Samples.orders(numbers)) {
                try await inTime { await rig.feed.settled(40) }
                #expect(await rig.feed.pauses == 1)
                #expect(await rig.feed.resumes == 0)
                let pause = try await eventually { try await FlowPause.all(ledger).first }
                #expect(pause.queue == Samples.queue && pause.code == "erp.slow-down")
                #expect(pause.reason.contains("36"))
                #expect(rig.metrics.paused.now == 1)
            }
            #expect(calls.withLock { $0 } <= 16, "only what was on its way is called")
            #expect(rig.sink.published.allSatisfy { $0.properties.headers[MessageHeader.attempt]?.integer == 0 })
            #expect(Set(await rig.feed.settlements.map(\.tag)).count == 40)
            #expect(try await FlowPause.all(ledger).isEmpty, "a stopped worker pauses nothing")
        }
    }

    @Test("while others succeed, one that is refused for long waits elsewhere, without an attempt")
    func refusedBesideOthers() async throws {
        try await withLedger { ledger in
            let rig = CallRig(ledger) { message, _ in
                message.envelope.subject == "A" ? .slowDown(after: .seconds(90)) : CallRig.applied
            }
            try await rig.work(try Samples.orders(["A", "B", "C"]))
            #expect(rig.published == ["orders.to-erp.retry.5m": 1])
            #expect(await rig.feed.pauses == 0)
        }
    }

    @Test("the reason of an outage is to be read while it lasts")
    func reason() async throws {
        try await withLedger { ledger in
            let rig = CallRig(ledger, isReachable: false) { _, _ in
                .failure(Failure(code: "c", category: .transient, sentence: "s", remedy: "r"))
            }
            try await rig.running(try Samples.orders(["A"])) {
                let pause = try await eventually { try await FlowPause.all(ledger).first }
                #expect(pause.code == "erp.unavailable" && pause.reason == "The ERP cannot be reached.")
                #expect(rig.board.pause?.remedy == "Check it.")
                #expect(rig.metrics.samples()["stevedore_flow_paused"]?.first?.hasSuffix(" 1") == true)
            }
            #expect(rig.board.pause == nil)
        }
    }

    @Test("a ledger that takes nothing for long pauses the flow and gives back what is held, once")
    func ledgerAway() async throws {
        try await withLedger { ledger in
            let rig = CallRig(ledger, limits: short) { _, _ in
                .effect(Effect(state: "accepted", reference: nil) { _ in throw LedgerError.diskFull(path: "ledger") })
            }
            try await rig.running(try Samples.orders(["A"])) {
                try await inTime { await rig.feed.settled(1) }
                try await eventually { await rig.feed.resumes == 1 }
            }
            #expect(await rig.feed.pauses == 1)
            #expect(await rig.feed.settlements == [.requeue(tag(1))])
            #expect(rig.sink.published.isEmpty)
        }
    }

    @Test("what does not get its turn in time goes back to its queue; the second time as a new copy")
    func overdue() async throws {
        try await withLedger { ledger in
            let answer = Latch<Void>()
            let rig = CallRig(ledger, limits: short) { _, _ in
                await answer.wait()
                return CallRig.applied
            }
            let deliveries = [
                Samples.delivery(try Samples.orderBody("A"), tag: 1),
                Samples.delivery(try Samples.orderBody("A", revision: 2), tag: 2),
                Samples.delivery(try Samples.orderBody("A", revision: 3), tag: 3, redelivered: true),
            ]
            try await rig.running(deliveries) {
                try await inTime { await rig.feed.settled(2) }
                #expect(await Set(rig.feed.settlements) == [.requeue(tag(2)), .ack(tag(3))])
                #expect(rig.published == ["orders.to-erp.retry.5s": 1])
                answer.open()
                try await inTime { await rig.feed.settled(3) }
            }
        }
    }

    @Test("letters that no broker takes hold up no order, and go back to the queue in time")
    func failingDetours() async throws {
        try await withLedger { ledger in
            let sink = SinkDouble.nacking
            let rig = CallRig(ledger, sink: sink) { _, _ in CallRig.applied }
            let junk = (1...40).map { Samples.delivery(Array("junk".utf8), tag: $0) }
            let orders = try (41...45).map { Samples.delivery(try Samples.orderBody("W-\($0)"), tag: $0) }
            await rig.feed.feed(junk + orders)
            let running = Task { await rig.worker.run() }
            try await inTime { await rig.feed.settled(5) }
            #expect(await Set(rig.feed.settlements) == Set((41...45).map { .ack(tag($0)) }))
            await rig.stop()
            // An order that has just been settled may be counted for a moment still.
            let abandoned = await rig.worker.abandon()
            #expect((40...45).contains(abandoned), "\(abandoned)")
            try await inTime { await running.value }

            let late = CallRig(ledger, sink: sink, limits: short) { _, _ in CallRig.applied }
            try await late.work([Samples.delivery(Array("junk".utf8), tag: 1)])
            #expect(await late.feed.settlements == [.requeue(tag(1))])
        }
    }

    @Test("after a reconnect no more is done for what came before it")
    func newEpoch() async throws {
        try await withLedger { ledger in
            let (called, answer) = (Latch<Void>(), Latch<Void>())
            let calls = Shared<[Int64]>([])
            let rig = CallRig(ledger) { message, _ in
                calls.withLock { $0.append(message.envelope.revision) }
                called.open()
                await answer.wait()
                return CallRig.applied
            }
            let bodies = try (1...3).map { try Samples.orderBody("A", revision: $0) }
            let before = bodies.enumerated().map { Samples.delivery($1, tag: UInt64($0 + 1)) }
            let after = bodies.enumerated().map {
                Samples.delivery($1, tag: UInt64($0 + 1), epoch: 2, redelivered: true)
            }
            try await rig.running(before) {
                try await inTime { await called.wait() }
                await rig.feed.feed(after)
                answer.open()
                try await inTime { await rig.feed.settled(4) }
            }
            #expect(calls.withLock { $0 } == [1, 2, 3])
            let journal = try await ledger.read { try $0.journalEntries(subject: "A") }
            #expect(journal.filter { $0.stage == "claimed" }.map(\.revision) == [1, 2, 3])
            #expect(await rig.feed.settlements == [.ack(tag(1))] + (1...3).map { .ack(tag($0, epoch: 2)) })
        }
    }

    @Test("a stop turns away who waits for room; it does not wait for them")
    func stopAtTheGate() async throws {
        try await withLedger { ledger in
            let answer = Latch<Void>()
            let calls = Shared(0)
            let rig = CallRig(ledger) { _, _ in
                calls.withLock { $0 += 1 }
                await answer.wait()
                return CallRig.applied
            }
            await rig.feed.feed(try Samples.orders((0..<12).map { "W-\($0)" }))
            let running = Task { await rig.worker.run() }
            try await eventually { calls.withLock { $0 } == 4 }
            await rig.stop()
            try await inTime { await rig.feed.settled(8) }
            answer.open()
            try await inTime { await running.value }
            #expect(calls.withLock { $0 } == 4)
            #expect(await rig.feed.settlements.count == 12)
        }
    }

    @Test("a follow-up that cannot be written for a reason of its own is tried later and does not go round for ever")
    func surprise() async throws {
        try await withLedger { ledger in
            let rig = CallRig(ledger) { _, _ in
                .effect(Effect(state: "accepted", reference: nil) { _ in throw TookTooLong() })
            }
            try await rig.work(try Samples.orders(["A"]))
            #expect(rig.sink.published.map { $0.properties.headers[MessageHeader.code]?.text } == ["handler.error"])
        }
    }

    @Test("whoever takes over a claim and has to wait for room still knows that the call may have been made")
    func takeover() async throws {
        try await withLedger { ledger in
            let key = ClaimKey(family: "order", subject: "A", revision: 1, hash: ContentDigest(high: 1, low: 2))
            _ = try await ledger.write {
                try $0.claim(
                    key, holder: "dead", lease: .seconds(1), now: Timestamp.now().microseconds - 60_000_000)
            }
            let contexts = Shared<[Bool]>([])
            let rig = CallRig(ledger) { _, context in
                let count = contexts.withLock { seen in
                    seen.append(context.mayHaveBeenCalled)
                    return seen.count
                }
                return count == 1 ? .slowDown(after: .milliseconds(1)) : CallRig.applied
            }
            try await rig.work(try Samples.orders(["A"]))
            #expect(contexts.withLock { $0 } == [true, true])
        }
    }

    @Test("a lease that may have run out is not called on")
    func leaseSafety() async throws {
        try await withLedger { ledger in
            let keeper = LeaseKeeper(ledger: ledger, lease: .seconds(15), logger: Samples.quiet)
            let key = ClaimKey(family: "order", subject: "A", revision: 1, hash: ContentDigest(high: 1, low: 2))
            await keeper.keeping(key, fence: 1, since: .now) { #expect(keeper.isSafe($0)) }
            await keeper.keeping(key, fence: 1, since: .now - .seconds(16)) { #expect(!keeper.isSafe($0)) }
        }
    }

    @Test("a claim whose lease has run out before the call is given up, and made anew a moment later")
    func lateClaim() async throws {
        try await withLedger { ledger in
            let calls = Shared(0)
            let rig = CallRig(ledger, lease: .zero) { _, _ in
                calls.withLock { $0 += 1 }
                return CallRig.applied
            }
            let order = try #require(try Samples.orders(["A"]).first)
            let ending = await rig.road.travel(CallWork(reading: Intake(order), with: MessageReader()))
            guard case .later(_, mayHaveBeenCalled: false) = ending else {
                Issue.record("\(ending)")
                return
            }
            #expect(calls.withLock { $0 } == 0)
            let state = try await ledger.read { try $0.subjectState(family: "order", subject: "A") }
            #expect(state == nil, "nobody was called, so that not even the claim is left of it")
        }
    }
}
