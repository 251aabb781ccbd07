import Testing

@testable import Stevedore

@Suite("What an outage of the ERP comes to, worked out")
struct RehearsePlanTests {
    private static func plan(_ change: (inout RehearsalPlan) -> Void) -> RehearsalPlan {
        var plan = RehearsalPlan()
        change(&plan)
        return plan
    }

    @Test("a backlog goes at what the ERP takes less what arrives meanwhile")
    func formula() {
        let drain = DrainProjection(backlog: 172_800, callsPerSecond: 12, arrivalsPerSecond: 2)
        #expect(drain.seconds == 17_280)
        #expect(drain.formula == "172,800 ÷ (12 − 2) calls/s = 4 h 48 min")
    }

    @Test("an ERP that takes no more than arrives never catches up")
    func never() {
        let drain = DrainProjection(backlog: 10, callsPerSecond: 2, arrivalsPerSecond: 2)
        #expect(drain.seconds == nil)
        #expect(drain.formula.hasSuffix("never: more arrives than goes"))
        let slow = Self.plan { $0.erp.callsPerSecond = 0.5 }
        #expect(slow.projection.seconds == nil)
        #expect(slow.conclusion.contains("never drains"))
    }

    @Test("a day of 2,000 orders an hour is 48,000 orders, with their changes 51,840 messages, in a minute at 1,440×")
    func day() {
        let plan = RehearsalPlan()
        #expect(plan.orders == 48_000)
        #expect(plan.messages == 51_840)
        #expect(plan.realSeconds == 60)
        #expect(plan.fault == nil)
    }

    @Test("an ERP takes what it is declared to take, and never more than its room and latency allow")
    func rate() {
        #expect(DeclaredERP(callsPerSecond: nil, latency: 0.05, atOnce: 32).rate == 640)
        #expect(DeclaredERP(callsPerSecond: 10, latency: 0.05, atOnce: 32).rate == 10)
        #expect(DeclaredERP(callsPerSecond: 9_000, latency: 0.05, atOnce: 32).rate == 640)
        #expect(DeclaredERP(callsPerSecond: 9_000, latency: 0, atOnce: 32).rate == 9_000)
        #expect(DeclaredERP(callsPerSecond: nil, latency: 0.05, atOnce: 32).latency(for: 1_280) == 0.025)
    }

    @Test("the drain is played as fast as the fleet of this machine follows, never faster than the outage")
    func drainSpeed() {
        let slow = Self.plan { $0.erp.callsPerSecond = 10 }
        #expect(slow.drainSpeed(fleetCallsPerSecond: 1_500) == 120)
        #expect(slow.drainSpeed(fleetCallsPerSecond: 1_000_000) == 1_440)
        #expect(RehearsalPlan().drainSpeed(fleetCallsPerSecond: 400) == 0.5)
    }

    static let mistakes: [(@Sendable (inout RehearsalPlan) -> Void, String)] = [
        ({ $0.outage = 0 }, "--outage"), ({ $0.speed = 0 }, "--speed"), ({ $0.speed = -3 }, "--speed"),
        ({ $0.ordersPerHour = .infinity }, "--orders-per-hour"), ({ $0.ordersPerHour = -1 }, "--orders-per-hour"),
        ({ $0.ordersPerHour = 500_000 }, "10,000,000"), ({ $0.ordersPerHour = 0.001 }, "no order"),
        ({ $0.stockPerHour = -1 }, "--stock-per-hour"), ({ $0.stockPerHour = 1e9 }, "10,000,000"),
        ({ $0.erp.callsPerSecond = 0 }, "--erp-calls-per-second"), ({ $0.erp.latency = 0 }, "without latency"),
        ({ $0.erp.atOnce = 0 }, "--erp-at-once"), ({ $0.workers = 0 }, "--workers"),
        ({ $0.kills = -1 }, "--kill-workers"),
    ]

    @Test("what makes no sense is said by its option", arguments: mistakes.indices)
    func faults(index: Int) {
        let (change, word) = Self.mistakes[index]
        let fault = Self.plan(change).fault ?? ""
        #expect(fault.contains(word))
    }

    @Test("spans of time are read as people write them")
    func spans() {
        #expect(RehearsalSpan(argument: "24h")?.seconds == 86_400)
        #expect(RehearsalSpan(argument: "1h30m")?.seconds == 5_400)
        #expect(RehearsalSpan(argument: "50ms")?.seconds == 0.05)
        #expect(RehearsalSpan(argument: "0.5d")?.seconds == 43_200)
        for wrong in ["", "24", "h", "-1h", "1 h", "1x", "1h!", "∞h", "1..2h"] {
            #expect(RehearsalSpan(argument: wrong) == nil, "\(wrong)")
        }
        #expect(RehearsalShare(argument: "5%")?.part == 0.05)
        #expect(RehearsalShare(argument: "5")?.part == 0.05)
        for wrong in ["", "%", "-1%", "101%", "x"] { #expect(RehearsalShare(argument: wrong) == nil, "\(wrong)") }
    }

    @Test("figures are said as people say them")
    func figures() {
        #expect(Figure.span(86_400) == "24 h" && Figure.span(17_280) == "4 h 48 min")
        #expect(Figure.span(0) == "0 s" && Figure.span(0.05) == "50 ms" && Figure.span(72) == "1 min 12 s")
        #expect(Figure.span(864_000) == "10 d" && Figure.span(.infinity) == "never")
        #expect(Figure.decimal(2.776) == "2.78" && Figure.decimal(640) == "640" && Figure.decimal(-0.001) == "0")
        #expect(Figure.decimal(12_345.6, 0) == "12,346" && Figure.decimal(1.05, 2) == "1.05")
        #expect(Figure.clock(111_730) == "31:02:10")
        #expect(Figure.bytes(58_300_000) == "58.3 MB" && Figure.bytes(12) == "12 B")
    }
}
