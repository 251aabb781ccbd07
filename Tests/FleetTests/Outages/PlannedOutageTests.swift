import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet

@Suite("Workers in a planned outage", .timeLimit(.minutes(2)))
struct PlannedOutageTests {
    /// A called system that workers can reach or not, and when it was asked or called.
    private struct System: Sendable {
        let isThere = Shared(true)
        let probes = Shared<[Int64]>([])
        let calls = Shared<[String]>([])

        func rig(_ ledger: Ledger, _ worker: String = "w-1") -> CallRig {
            CallRig(
                ledger, limits: HoldLimits(trial: .milliseconds(300)), worker: worker,
                reach: {
                    probes.withLock { $0.append(Timestamp.now().microseconds) }
                    return isThere.withLock { $0 } ? .reachable : .unreachable(CallRig.outage)
                },
                script: { message, _ in
                    calls.withLock { $0.append(message.envelope.subject) }
                    return isThere.withLock { $0 } ? CallRig.applied : .failure(CallRig.outage)
                })
        }

        func set(_ isThere: Bool) { self.isThere.withLock { $0 = isThere } }

        var asked: Int { probes.withLock { $0.count } }
        var called: [String] { calls.withLock { $0 } }
    }

    /// From a second ago until so many seconds from now.
    @discardableResult
    private static func plan(_ ledger: Ledger, for seconds: Int64) async throws -> MaintenanceWindow {
        let now = Timestamp.now().microseconds
        return try await ledger.write { transaction in
            try transaction.plan(
                MaintenanceWindow(
                    destination: "erp", startsAt: now - 1_000_000, endsAt: now + seconds * 1_000_000, reason: "Update.",
                    plannedBy: "anna", plannedAt: now - 2_000_000))
        }
    }

    private static func outages(_ ledger: Ledger) async throws -> [Outage] {
        try await ledger.read { try $0.outages(limit: 10) }
    }

    private static func codes(_ ledger: Ledger) async throws -> [String] {
        try await FlowPause.all(ledger).map(\.code)
    }

    @Test("pause before anything is called, ask nothing before its end, and go on after it")
    func pausing() async throws {
        try await withLedger { ledger in
            let system = System()
            let window = try await Self.plan(ledger, for: 3)
            let (one, two) = (system.rig(ledger, "w-1"), system.rig(ledger, "w-2"))
            try await one.running(try Samples.orders(["A"])) {
                try await two.running([]) {
                    try await eventually { await one.feed.pauses == 1 }
                    try await eventually { await two.feed.pauses == 1 }
                    try await eventually { try await Self.codes(ledger).first == MaintenanceWindow.code }
                    try await eventually { await one.feed.resumes == 1 }
                    try await eventually { await two.feed.resumes == 1 }
                }
            }
            let outages = try await Self.outages(ledger)
            let outage = try #require(outages.first)
            #expect(outages.count == 1 && outage.window == window.number && outage.phase == .closed)
            let first = system.probes.withLock { $0.first }
            #expect((first ?? 0) >= window.endsAt)
            #expect(system.called.isEmpty)
        }
    }

    @Test("pause when it begins while they work")
    func beginning() async throws {
        try await withLedger { ledger in
            let system = System()
            let rig = system.rig(ledger)
            try await rig.running(try Samples.orders(["A"])) {
                try await eventually { system.called.count == 1 }
                try await Self.plan(ledger, for: 3_600)
                try await eventually { await rig.feed.pauses == 1 }
                await rig.feed.feed(try Samples.orders(["B"]))
                await rig.feed.settled(2)
            }
            #expect(system.called == ["A"] && system.asked == 0)
        }
    }

    @Test("go on by themselves when it is cancelled")
    func cancelled() async throws {
        try await withLedger { ledger in
            let system = System()
            let window = try await Self.plan(ledger, for: 3_600)
            let rig = system.rig(ledger)
            try await rig.running([]) {
                try await eventually { await rig.feed.pauses == 1 }
                #expect(system.asked == 0)
                try await ledger.write { transaction in
                    _ = try transaction.cancelWindow(number: window.number, at: Timestamp.now().microseconds)
                }
                try await eventually { await rig.feed.resumes == 1 }
                try await eventually { try await Self.outages(ledger).first?.phase == .closed }
            }
            #expect(system.asked == 1)
        }
    }

    @Test("go on waiting, as in an outage that nobody planned, when the system is still away after it")
    func overdue() async throws {
        try await withLedger { ledger in
            let system = System()
            system.set(false)
            let window = try await Self.plan(ledger, for: 2)
            let rig = system.rig(ledger)
            try await rig.running([]) {
                try await eventually { await rig.feed.pauses == 1 }
                try await eventually { try await Self.codes(ledger).first == CallRig.outage.code }
                let outage = try #require(try await Self.outages(ledger).first)
                #expect(outage.endedAt == nil && outage.code == CallRig.outage.code && outage.window == window.number)
                system.set(true)
                try await eventually { await rig.feed.resumes == 1 }
            }
            #expect(try await Self.outages(ledger).count == 1)
        }
    }

    @Test("are not asked or tried by posts, pages and mails either, of what the window covers")
    func shared() async throws {
        try await withLedger { ledger in
            try await Self.plan(ledger, for: 3_600)
            let changes = SharedAbsence(destination: .erpChanges, worker: "w", ledger: ledger, logger: Samples.quiet)
            let posts = SharedAbsence(destination: .storeWebhook, worker: "w", ledger: ledger, logger: Samples.quiet)
            let isAsked = Shared(false)
            let answer = await changes.mayTry {
                isAsked.withLock { $0 = true }
                return true
            }
            guard case .wait(let failure) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(failure.code == MaintenanceWindow.code && changes.known == failure)
            #expect(!isAsked.withLock { $0 })
            #expect(await posts.mayTry() == .yes)
            let outages = try await Self.outages(ledger)
            #expect(outages.map(\.destination) == ["erp.changes"])
        }
    }

    @Test("whose trial a window meets do not try on, and nothing ends the outage before")
    func met() async throws {
        try await withLedger { ledger in
            let breaker = Breaker(destination: "erp", worker: "w-1", ledger: ledger, logger: Samples.quiet)
            _ = await breaker.note(CallRig.outage)
            try await eventually { await breaker.turn() == .probe }
            try await Self.plan(ledger, for: 3_600)
            #expect(await !breaker.probed(nil))
            #expect(await breaker.turn() == .wait)
            #expect(await !breaker.keepTrying())
            #expect(await breaker.end())
            await breaker.giveUpTrying()
            let outage = try #require(try await Self.outages(ledger).first)
            #expect(outage.phase == .open && outage.endedAt == nil && outage.probes == 0)
            #expect(await breaker.standing()?.number == outage.number)
        }
    }
}
