import Testing

@testable import Fleet

@Suite("How far apart the backlog of an outage is noted")
struct SampleSpacingTests {
    private static let second: Int64 = 1_000_000

    private static func sample(_ seconds: Int64, _ ready: Int64) -> OutageSample {
        OutageSample(outage: 1, at: seconds * second, queue: "orders.to-erp", ready: ready)
    }

    @Test("is ten seconds at first, and a minute at most")
    func due() {
        for (age, wait) in [(0, 10), (1_500, 10), (2_000, 20), (86_400, 60), (8_640_000, 60)] as [(Int64, Int64)] {
            let now = age * Self.second
            let soon = SampleSpacing.isDue(after: now - wait * Self.second + 1, since: 0, at: now)
            let late = SampleSpacing.isDue(after: now - wait * Self.second, since: 0, at: now)
            #expect(!soon && late, "after \(age) s")
        }
        #expect(SampleSpacing.isDue(after: nil, since: 0, at: 0))
    }

    @Test("waits for no clock that was set back, and bears any")
    func clocks() {
        #expect(SampleSpacing.isDue(after: 1_000 * Self.second, since: 0, at: 10 * Self.second))
        #expect(SampleSpacing.isDue(after: .min, since: .max, at: 0))
        #expect(SampleSpacing.spacing(of: .max) > SampleSpacing.longest)
    }

    @Test("leaves a bounded number of a day and of a week, with the newest and the most among them")
    func bounded() throws {
        for length: Int64 in [86_400, 604_800] {
            var kept: [OutageSample] = []
            var last: Int64?
            var hasPeaked = false
            for second in stride(from: Int64(0), through: length, by: 2) {
                let now = second * Self.second
                guard SampleSpacing.isDue(after: last, since: 0, at: now) else { continue }
                last = now
                let isPeak = !hasPeaked && second > length / 3
                hasPeaked = hasPeaked || isPeak
                kept.append(Self.sample(second, isPeak ? 1_000_000 : second % 100))
                let surplus = Set(SampleSpacing.surplus(of: kept, from: 0, to: now, at: now))
                kept.removeAll { surplus.contains($0) }
                #expect(kept.count <= SampleSpacing.limit)
            }
            #expect(kept.count >= Int(SampleSpacing.most) / 2)
            let newest = try #require(kept.last)
            #expect(newest.at > (length - 61) * Self.second)
            let fresh = kept.count { $0.at > (length - 590) * Self.second }
            #expect(fresh >= 9, "the last ten minutes, a minute apart")
            #expect(kept.map(\.ready).max() == 1_000_000)
        }
    }

    @Test("keeps of those that lie close together the one with the most waiting")
    func peak() {
        let samples = (0..<Int64(300)).map { Self.sample($0 * 10, $0 == 101 ? 500 : $0) }
        let now = 20_000 * Self.second
        let surplus = Set(SampleSpacing.surplus(of: samples, from: 0, to: 3_000 * Self.second, at: now))
        let kept = samples.filter { !surplus.contains($0) }
        // Twenty seconds apart: each second one, but for the peak.
        #expect(kept.count == 150)
        #expect(kept.contains(Self.sample(1_010, 500)) && kept.contains(Self.sample(10, 1)))
        #expect(!kept.contains(Self.sample(0, 0)))
    }

    @Test("takes nothing away while there are few, nor of the last minutes")
    func few() {
        let few = (0..<Int64(SampleSpacing.limit)).map { Self.sample($0 * 10, $0) }
        let end = 2_400 * Self.second
        #expect(SampleSpacing.surplus(of: few, from: 0, to: end, at: 1_000_000 * Self.second).isEmpty)
        let many = (0..<Int64(500)).map { Self.sample($0, $0) }
        #expect(SampleSpacing.surplus(of: many, from: 0, to: 500 * Self.second, at: 500 * Self.second).isEmpty)
    }
}
