import Testing

@testable import ERPFeed

/// What was found a little earlier counts as well.
@Suite struct GuardMemoryTests {
    private let limits = GuardLimits(minimum: 20)

    /// A page of changes of these products, doubtful or not.
    private func page(_ products: some Sequence<Int>, isDoubtful: Bool = true) -> BatchTally {
        products.reduce(into: BatchTally()) { tally, index in
            tally.add(.stockZeroed, "S-\(index)", isDoubtful: isDoubtful, "S-\(index): 5 → 0")
        }
    }

    @Test("a mistake that comes change by change is held back from where it is seen to be one, to its end")
    func dribble() {
        let memory = GuardMemory()
        let alarms = (1...40).map { memory.judge(page([$0]), limits, at: Int64($0)) }
        #expect(alarms.prefix(19).allSatisfy { $0 == nil })
        #expect(alarms.dropFirst(19).allSatisfy { $0 != nil })
        #expect(
            alarms[19]?.reason == "20 of 20 products that had would have nothing available any more (at most 50 %), "
                + "19 of them within the 15 minutes before.")
        #expect(alarms[19]?.diff == ["S-20: 5 → 0"])
        #expect(memory.judge(page([41], isDoubtful: false), limits, at: 41) == nil, "nothing of it is doubtful")
    }

    @Test("the share is kept, and what is long ago counts no more")
    func share() {
        let memory = GuardMemory()
        #expect(memory.judge(page(0..<50, isDoubtful: false), limits, at: 1) == nil)
        for index in 50..<100 { #expect(memory.judge(page([index]), limits, at: 2) == nil) }
        #expect(memory.judge(page([100]), limits, at: 3) != nil)
        #expect(memory.judge(page([101]), limits, at: 3 + GuardMemory.span) == nil)
    }

    @Test("an object that goes to and fro is one, and none once it is back")
    func flips() {
        let memory = GuardMemory()
        for time in 0..<100 as Range<Int64> { #expect(memory.judge(page([7]), limits, at: time) == nil) }
        for index in 10..<28 { #expect(memory.judge(page([index]), limits, at: 100) == nil) }
        var back = BatchTally()
        back.settle(.stockZeroed, "S-7")
        #expect(memory.judge(back, limits, at: 101) == nil)
        #expect(memory.judge(page([28]), limits, at: 102) == nil, "the nineteenth")
        #expect(memory.judge(page([29]), limits, at: 103) != nil)
    }

    @Test("the rest of a large mistake is held back as well, until a page of any size takes it back")
    func tail() {
        let memory = GuardMemory()
        #expect(memory.judge(page(0..<500), limits, at: 1) != nil)
        #expect(memory.judge(page(500..<510), limits, at: 2) != nil)
        #expect(memory.judge(page(0..<510, isDoubtful: false), limits, at: 3) == nil)
        #expect(memory.judge(page([600]), limits, at: 4) == nil)
    }

    @Test("a clock that is set back makes nothing last")
    func clockSetBack() {
        let memory = GuardMemory()
        for index in 0..<19 { #expect(memory.judge(page([index]), limits, at: 3_600_000_000) == nil) }
        #expect(memory.judge(page([19]), limits, at: 1) == nil)
    }

    @Test(
        "of very many objects the latest are kept, and their share decides: of a mistake in all of them, all is held back"
    )
    func many() {
        var recent = RecentFindings()
        var time: Int64 = 0
        func note(_ objects: Range<Int>, doubtful: Int) -> BatchAlarm? {
            var tally = page(objects.prefix(doubtful))
            for index in objects.dropFirst(doubtful) { tally.add(.stockZeroed, "S-\(index)", isDoubtful: false, "") }
            let alarm = tally.alarm(limits, beside: recent)
            time += 1
            recent.note(tally, isAlarming: alarm != nil, at: time)
            return alarm
        }
        for first in stride(from: 0, to: 30_000, by: 100) { #expect(note(first..<first + 100, doubtful: 1) == nil) }
        #expect(recent.count <= RecentFindings.most)
        #expect(note(50_000..<50_001, doubtful: 1) == nil, "one of a hundred is doubtful, as before")
        for first in stride(from: 100_000, to: 130_000, by: 100) { _ = note(first..<first + 100, doubtful: 100) }
        #expect(recent.count <= RecentFindings.most)
        #expect(note(200_000..<200_001, doubtful: 1) != nil)
    }

    @Test("a large page is judged by itself")
    func large() {
        let memory = GuardMemory()
        #expect(memory.judge(page(0..<1_000, isDoubtful: false), limits, at: 1) == nil)
        for index in 0..<19 { #expect(memory.judge(page([index]), limits, at: 2) == nil) }
        #expect(memory.judge(page([19]), limits, at: 3) != nil, "the thousand say nothing of these")
    }
}
