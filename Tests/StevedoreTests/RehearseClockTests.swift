import Testing

@testable import Stevedore

@Suite("The clock of a rehearsal, and what falls due on it")
struct RehearseClockTests {
    @Test("the clock goes on from what it shows when its speed changes, and stands where it is put")
    func clock() {
        var clock = VirtualClock(at: 100, speed: 10)
        #expect(clock.time(at: 99) == 0)
        #expect(clock.time(at: 105) == 50)
        clock.change(speed: 2, at: 105)
        #expect(clock.time(at: 110) == 60)
        clock.change(speed: 2, at: 120, virtual: 60)
        #expect(clock.time(at: 121) == 62)
    }

    @Test("being late by a moment is nothing; by more than two seconds the speed falls to what is borne")
    func governor() throws {
        let governor = SpeedGovernor()
        // 10 orders/s of the virtual clock at 100× are 1,000 a second.
        let onTime = governor.lowered(due: 5_000, sent: 4_000, rate: 800, ordersPerSecond: 10, speed: 100)
        #expect(onTime == nil)
        let late = governor.lowered(due: 10_000, sent: 7_000, rate: 700, ordersPerSecond: 10, speed: 100)
        #expect(try #require(late) == 63)
        let stuck = governor.lowered(due: 10_000, sent: 0, rate: 0, ordersPerSecond: 10, speed: 100)
        #expect(stuck == nil)
    }

    @Test("a speed that is kept is doubled again, up to the one that was wanted")
    func raised() {
        let governor = SpeedGovernor()
        func raised(_ behind: Int, _ span: Double, _ speed: Double) -> Double? {
            governor.raised(behind: behind, for: span, ordersPerSecond: 10, speed: speed, wanted: 100)
        }
        #expect(raised(0, 2, 1) == 2)
        #expect(raised(0, 1.9, 1) == nil, "too soon to say")
        #expect(raised(6, 2, 1) == nil, "it is late")
        #expect(raised(5, 2, 1) == 2)
        #expect(raised(0, 9, 80) == 100)
        #expect(raised(0, 9, 100) == nil)
    }

    @Test("the oldest that waits is the first of those that have not gone")
    func oldest() {
        var log = ArrivalLog()
        #expect(log.oldestAge(waiting: 5, at: 10) == 0)
        for time in [0.0, 10, 20] { log.add(100, at: time) }
        #expect(log.oldestAge(waiting: 300, at: 30) == 30)
        #expect(log.oldestAge(waiting: 201, at: 30) == 30)
        #expect(log.oldestAge(waiting: 200, at: 30) == 20)
        #expect(log.oldestAge(waiting: 1, at: 30) == 10)
        #expect(log.oldestAge(waiting: 0, at: 30) == 0)
        #expect(log.oldestAge(waiting: 1_000, at: 30) == 30)
    }

    @Test("orders, stock and questions fall due by the hour, a batch at a time, and no more orders than there are")
    func traffic() {
        var plan = RehearsalPlan()
        (plan.ordersPerHour, plan.stockPerHour, plan.quotesPerHour) = (3_600, 7_200, 0)
        var traffic = Traffic(plan, from: 10)
        #expect(traffic.due(at: 5).isNothing)
        let due = traffic.due(at: 20)
        #expect(due == Traffic.Due(orders: 10, stock: 20, questions: 0))
        traffic.sent(due)
        #expect(traffic.due(at: 20).isNothing)
        #expect(traffic.due(at: 30, most: 12).orders == 2)
        #expect(traffic.due(at: 100_000).orders == 500)
    }

    @Test("kills are spread over the outage, and the broker goes in its middle")
    func mishaps() {
        var plan = RehearsalPlan()
        (plan.ordersPerHour, plan.outage, plan.kills, plan.restartsBroker) = (100, 3_600, 3, true)
        var mishaps = Mishaps(plan)
        #expect(mishaps.next(after: 24) == nil)
        #expect(mishaps.next(after: 25) == .worker)
        #expect(mishaps.next(after: 25) == nil)
        let both = [mishaps.next(after: 50), mishaps.next(after: 50)]
        #expect(both.contains(.worker) && both.contains(.broker))
        #expect(mishaps.next(after: 100) == .worker)
        #expect(mishaps.next(after: 100) == nil)
    }

    @Test("a rate leaves out the slow beginning and the standing still at the end")
    func rate() throws {
        var meter = RateMeter()
        #expect(meter.perSecond == nil)
        for (count, time) in [(0, 0.0), (10, 9), (20, 10), (60, 11), (100, 12), (100, 60)] {
            meter.add(count, at: time)
        }
        #expect(try #require(meter.perSecond) == 40)
    }
}
