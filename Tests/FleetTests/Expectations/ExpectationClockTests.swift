import Testing

@testable import Fleet

@Suite struct ExpectationClockTests {
    private static let noon: Int64 = 1_800_000_000_000_000
    private static let second: Int64 = 1_000_000
    private static let outage = ExpectationClock.Stop(since: noon, reason: "The ERP does not answer.")

    private static var fresh: ExpectationClock { ExpectationClock(condition: .erp, seenAt: noon) }

    /// How much has counted after looks at these seconds, with these spans by a clock that nobody sets.
    private func counted(_ looks: [(at: Int64, elapsed: Int?)]) -> Int64 {
        var clock = Self.fresh
        for look in looks {
            clock.advance(
                to: Self.noon + look.at * Self.second, elapsed: look.elapsed.map { .seconds($0) }, stop: nil)
        }
        return clock.reading / Self.second
    }

    @Test("time counts from look to look")
    func runs() {
        #expect(counted([(5, 5), (10, 5), (20, 10)]) == 20)
    }

    @Test("a clock that is set by an hour, ahead or back, moves nothing")
    func jumps() {
        #expect(counted([(5, 5), (3_610, 5), (3_615, 5)]) == 15)
        #expect(counted([(5, 5), (-3_595, 5), (-3_590, 5)]) == 10)
    }

    @Test("a process that begins counts ten seconds at most of what was before it")
    func restart() {
        #expect(counted([(5, 5), (15, nil)]) == 15)
        #expect(counted([(5, 5), (7_200, nil), (7_205, 5)]) == 20)
        #expect(counted([(5, 5), (-7_200, nil), (-7_195, 5)]) == 10)
    }

    @Test("a machine that was suspended has not watched")
    func suspended() {
        #expect(counted([(5, 5), (3_600, 3), (3_605, 5)]) == 13)
    }

    @Test("two processes that take turns count each span once")
    func turns() {
        #expect(counted([(5, 5), (10, 10), (15, 10), (20, 10)]) == 20)
    }

    @Test("it stands from the look that finds an outage until the one after its end")
    func stands() {
        var clock = Self.fresh
        clock.advance(to: Self.noon + 10 * Self.second, elapsed: .seconds(10), stop: nil)
        for at in 11...100 {
            clock.advance(to: Self.noon + Int64(at) * Self.second, elapsed: .seconds(1), stop: Self.outage)
        }
        #expect(clock.reading == 10 * Self.second)
        #expect(clock.stop == Self.outage)
        clock.advance(to: Self.noon + 101 * Self.second, elapsed: .seconds(1), stop: nil)
        #expect(clock.reading == 10 * Self.second, "when within that span it ended, nobody knows")
        clock.advance(to: Self.noon + 102 * Self.second, elapsed: .seconds(1), stop: nil)
        #expect(clock.reading == 11 * Self.second && clock.stop == nil)
    }

    @Test("it says since when it stands, whatever is said later of the outage")
    func since() {
        var clock = Self.fresh
        clock.advance(to: Self.noon + 10 * Self.second, elapsed: nil, stop: Self.outage)
        let other = ExpectationClock.Stop(since: Self.noon + 60 * Self.second, reason: "It asks for time.")
        clock.advance(to: Self.noon + 90 * Self.second, elapsed: nil, stop: other)
        #expect(clock.stop == .init(since: Self.noon, reason: "It asks for time."))
    }

    @Test("nonsense in the ledger is no trap")
    func nonsense() {
        for seenAt in [Int64.min, .max] {
            var clock = ExpectationClock(condition: .erp, seenAt: seenAt)
            clock.advance(to: Self.noon, elapsed: .seconds(5), stop: nil)
            #expect((0...5 * Self.second).contains(clock.reading))
        }
    }
}
