import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

@Suite("An outage that workers share")
struct SharedOutageTests {
    /// A called system that workers can reach or not.
    private struct System: Sendable {
        let isThere = Shared(false)
        let probes = Shared<[String]>([])
        let calls = Shared<[String]>([])
        /// Where there is one, nobody is answered before it opens.
        let answers = Shared<Latch<Void>?>(nil)

        func rig(_ ledger: Ledger, _ worker: String) -> CallRig {
            CallRig(
                ledger, limits: HoldLimits(trial: .seconds(60)), worker: worker,
                reach: {
                    probes.withLock { $0.append(worker) }
                    return isThere.withLock { $0 } ? .reachable : .unreachable(CallRig.outage)
                },
                script: { message, _ in
                    calls.withLock { $0.append("\(worker) \(message.envelope.subject)") }
                    guard isThere.withLock({ $0 }) else { return .failure(CallRig.outage) }
                    await answers.withLock({ $0 })?.wait()
                    return CallRig.applied
                })
        }

        func set(_ isThere: Bool) { self.isThere.withLock { $0 = isThere } }
    }

    private static func outages(_ ledger: Ledger) async throws -> [Outage] {
        try await ledger.read { try $0.outages(limit: 10) }
    }

    /// Two workers of one fleet, each with its own orders.
    private static func withTwo(
        _ ledger: Ledger, _ system: System, _ body: (CallRig, CallRig) async throws -> Void
    ) async throws {
        let (one, two) = (system.rig(ledger, "w-1"), system.rig(ledger, "w-2"))
        try await one.running([]) {
            try await two.running([]) { try await body(one, two) }
        }
    }

    /// The first meets the outage, and the second hears of it.
    private static func pauseBoth(_ one: CallRig, _ two: CallRig) async throws {
        await one.feed.feed(try Samples.orders(["A"]))
        try await eventually { await one.feed.pauses == 1 }
        try await eventually { await two.feed.pauses == 1 }
    }

    @Test("pauses the others before they have called, and one of them asks")
    func shared() async throws {
        try await withLedger { ledger in
            let system = System()
            try await Self.withTwo(ledger, system) { one, two in
                try await Self.pauseBoth(one, two)
                try await eventually { system.probes.withLock { $0.count } >= 3 }
            }
            let outages = try await Self.outages(ledger)
            #expect(
                outages.count == 1 && outages.first?.destination == "erp" && outages.first?.code == "erp.unavailable")
            #expect(system.calls.withLock { $0 } == ["w-1 A"], "the other has called nobody")
            // Each time one has asked, and the next time it may be the other one: 1, 2 and 4 seconds.
            #expect((outages.first?.probes ?? 0) >= 2)
        }
    }

    @Test("is over for all when calls of the one that tries go well, and until then nobody else calls")
    func trial() async throws {
        try await withLedger { ledger in
            let system = System()
            try await Self.withTwo(ledger, system) { one, two in
                try await Self.pauseBoth(one, two)
                system.calls.withLock { $0 = [] }
                let answers = Latch<Void>()
                system.answers.withLock { $0 = answers }
                system.set(true)
                try await eventually { await one.feed.resumes + two.feed.resumes == 1 }
                let isOne = await one.feed.resumes == 1
                let (trier, other) = isOne ? (one, two) : (two, one)
                await trier.feed.feed(try Samples.orders(["B", "C", "D"]))
                await other.feed.feed(try Samples.orders(["E", "F", "G"]))
                try await eventually { system.calls.withLock { $0.count } == 1 }
                try await eventually { await other.feed.settlements.count >= 3 }
                // Nobody follows while it is not answered.
                #expect(try await Self.outages(ledger).first?.phase == .halfOpen)
                #expect(system.calls.withLock { $0.count } == 1)
                answers.open()
                try await eventually { await other.feed.resumes == 1 }
                try await eventually { system.calls.withLock { $0.count } == 3 }
            }
            let outage = try #require(try await Self.outages(ledger).first)
            #expect(outage.phase == .closed && outage.endedAt != nil && outage.relapses == 0)
        }
    }

    @Test("that a worker meets as it starts is respected before anything is called")
    func start() async throws {
        try await withLedger { ledger in
            let system = System()
            try await ledger.write { transaction in
                _ = try transaction.noteAbsence(
                    of: "erp", because: CallRig.outage, at: Timestamp.now().microseconds)
            }
            let late = system.rig(ledger, "late")
            try await late.running(try Samples.orders(["A", "B"])) {
                try await eventually { await late.feed.pauses == 1 }
                await late.feed.settled(2)
                #expect(system.calls.withLock { $0.isEmpty })
            }
        }
    }

    @Test("goes on when the system fails again at once, and is no new one")
    func relapse() async throws {
        try await withLedger { ledger in
            // It answers whoever asks, and no call.
            let rig = CallRig(ledger, reach: { .reachable }, script: { _, _ in .failure(CallRig.outage) })
            await rig.feed.feed(try Samples.orders(["A"]))
            try await rig.running([]) {
                try await eventually { await rig.feed.pauses == 1 }
                try await eventually { await rig.feed.resumes == 1 }
                await rig.feed.feed(try Samples.orders(["B"]))
                try await eventually { await rig.feed.pauses == 2 }
                try await eventually { try await Self.outages(ledger).first?.relapses == 1 }
            }
            #expect(try await Self.outages(ledger).count == 1)
        }
    }

    private static let broken = Failure(code: "erp.error", category: .transient, sentence: "HTTP 500.", remedy: "Wait.")

    @Test("begins when call after call fails, though the system answers whoever asks whether it is there")
    func failing() async throws {
        try await withLedger { ledger in
            let rig = CallRig(ledger, reach: { .reachable }, script: { _, _ in .failure(Self.broken) })
            await rig.feed.feed(try Samples.orders((0..<12).map { "S-\($0)" }))
            try await rig.running([]) {
                try await eventually { await rig.feed.pauses == 1 }
                await rig.feed.settled(12)
            }
            let outage = try #require(try await Self.outages(ledger).first)
            #expect(outage.code == "erp.failing" && outage.reason.contains("HTTP 500."))
            // Those before the fifth looked like failures of their own.
            let attempts = rig.sink.published.compactMap { $0.properties.headers[MessageHeader.attempt]?.integer }
            #expect(attempts.count { $0 > 0 } == FailureStreak.length - 1, "\(attempts)")
        }
    }

    @Test("does not begin because of one message that fails again and again")
    func single() {
        let streak = FailureStreak()
        for _ in 0..<20 { #expect(!streak.failed("same")) }
    }

    @Test("is not kept open by one message that fails in each trial")
    func culprit() {
        let streak = FailureStreak()
        streak.setDoubt(true)
        let ends = (0..<4).map { _ in
            // Each failure pauses the flow anew.
            defer { streak.setDoubt(true) }
            return streak.failed("always")
        }
        #expect(ends == [true, true, true, false])
        #expect(streak.failed("another"))
        streak.setDoubt(false)
        streak.setDoubt(true)
        #expect(streak.failed("always"), "in another outage it is believed again")
    }

    @Test("does not begin where answers come between, be they refusals")
    func answered() {
        let streak = FailureStreak()
        for number in 0..<20 {
            #expect(!streak.failed("S-\(number)"))
            if number % 4 == 3 { streak.answered() }
        }
        streak.setDoubt(true)
        #expect(streak.failed("S-1"), "of a system that has only just seemed to be back the first failure counts")
        streak.setDoubt(false)
        #expect(!streak.failed("S-2"))
    }

    @Test("is neither over nor asked about while the ledger cannot be asked, and nothing is said to be written down")
    func ledgerAway() async throws {
        try await withLedger { ledger in
            let breaker = Breaker(destination: "erp", worker: "w-1", ledger: ledger, logger: Samples.quiet)
            #expect(await breaker.note(CallRig.outage))
            await ledger.close()
            #expect(await breaker.turn() == .wait)
            #expect(await !breaker.note(CallRig.outage))
            #expect(await !breaker.end())
        }
    }

    @Test("does not begin where the system answers, and asks for time")
    func slowing() async throws {
        try await withLedger { ledger in
            let rig = CallRig(ledger, reach: { .reachable }, script: { _, _ in .slowDown(after: .seconds(3_600)) })
            await rig.feed.feed(try Samples.orders(["A", "B", "C", "D", "E", "F"]))
            try await rig.running([]) {
                try await eventually { await rig.feed.pauses == 1 }
                await rig.feed.settled(6)
            }
            #expect(try await Self.outages(ledger).isEmpty)
        }
    }

    @Test("is over as well when the first answers are refusals")
    func refusedTrial() {
        let gate = CallGate()
        let no = Failure(code: "erp.no", category: .rejected, sentence: "No.", remedy: "Ask.")
        _ = gate.leave(.failure(no), latency: .zero)
        #expect(gate.answers == 1)
        _ = gate.leave(.failure(Self.broken), latency: .zero)
        #expect(gate.answers == 1)
    }
}
