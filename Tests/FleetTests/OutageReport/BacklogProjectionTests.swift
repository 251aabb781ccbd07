import Testing

@testable import Fleet

@Suite("When a backlog will be worked off")
struct BacklogProjectionTests {
    private static let second: Int64 = 1_000_000
    private static let now: Int64 = 1_800_000_000_000_000

    /// What waited so many seconds before now.
    private static func readings(_ values: [(ago: Int64, waiting: Int)]) -> [BacklogReading] {
        values.map { BacklogReading(at: now - $0.ago * second, waiting: $0.waiting) }
    }

    private static func facts(_ waiting: Int?, endedAgo: Int64?) -> BacklogProjection.Facts {
        BacklogProjection.Facts(waiting: waiting, endedAt: endedAgo.map { now - $0 * second }, now: now)
    }

    private static func seconds(_ projection: BacklogProjection) -> Int64? {
        guard case .left(let microseconds, _) = projection else { return nil }
        return microseconds / second
    }

    private static func basis(_ projection: BacklogProjection) -> DrainPace.Basis? {
        guard case .left(_, let pace) = projection else { return nil }
        return pace.basis
    }

    private static func reason(_ projection: BacklogProjection) -> String? {
        guard case .unknown(let reason) = projection else { return nil }
        return reason
    }

    @Test("goes by how it has shrunk since the end, and changes as that does")
    func samples() {
        var facts = Self.facts(600, endedAgo: 100)
        facts.readings = Self.readings([(200, 900), (100, 1_600), (50, 1_100), (0, 600)])
        let slow = BacklogProjection(facts)
        #expect(Self.seconds(slow) == 60 && Self.basis(slow) == .samples)
        facts.readings = Self.readings([(100, 1_600), (0, 1_500)])
        facts.waiting = 1_500
        #expect(Self.seconds(BacklogProjection(facts)) == 1_500)
    }

    @Test("goes by the last minutes of a long drain alone")
    func window() {
        var facts = Self.facts(300, endedAgo: 4_000)
        facts.readings = Self.readings([(4_000, 100_000), (300, 600), (0, 300)])
        #expect(Self.seconds(BacklogProjection(facts)) == 300)
    }

    @Test("goes by two looks where nothing was written down, or nobody writes any more")
    func looks() {
        var facts = Self.facts(90, endedAgo: 600)
        facts.looks = Self.readings([(1, 100), (0, 90)])
        let fresh = BacklogProjection(facts)
        #expect(Self.seconds(fresh) == 9 && Self.basis(fresh) == .looks)
        facts.readings = Self.readings([(600, 5_000), (500, 4_000)])
        #expect(Self.basis(BacklogProjection(facts)) == .looks, "what was read minutes ago is old")
    }

    @Test("goes by the last outage while one lasts, else by what was answered before it")
    func before() {
        var facts = Self.facts(1_000, endedAgo: nil)
        facts.before = DrainPace(perSecond: 2, basis: .journal)
        // What was read while nobody called says nothing of how fast it will go.
        facts.readings = Self.readings([(100, 900), (0, 1_000)])
        let plain = BacklogProjection(facts)
        #expect(Self.seconds(plain) == 500 && Self.basis(plain) == .journal)
        facts.earlier = DrainPace(perSecond: 10, basis: .outage(3))
        let better = BacklogProjection(facts)
        #expect(Self.seconds(better) == 100 && Self.basis(better) == .outage(3))
    }

    @Test("is not known, and says why")
    func unknown() {
        #expect(Self.reason(BacklogProjection(Self.facts(nil, endedAgo: nil)))?.contains("how much waits") == true)
        #expect(Self.reason(BacklogProjection(Self.facts(5, endedAgo: nil)))?.contains("No earlier outage") == true)
        #expect(Self.reason(BacklogProjection(Self.facts(5, endedAgo: 1)))?.contains("only just ended") == true)
        var growing = Self.facts(50, endedAgo: 10)
        growing.readings = Self.readings([(10, 40), (0, 50)])
        #expect(Self.reason(BacklogProjection(growing))?.contains("does not shrink") == true)
        var slow = Self.facts(.max, endedAgo: nil)
        slow.before = DrainPace(perSecond: .leastNonzeroMagnitude, basis: .journal)
        #expect(Self.reason(BacklogProjection(slow))?.contains("hardly") == true)
    }

    @Test("is over when nothing waits")
    func drained() {
        #expect(BacklogProjection(Self.facts(0, endedAgo: 5)) == .drained)
        #expect(BacklogProjection(Self.facts(0, endedAgo: nil)) == .drained)
    }

    @Test("takes no reading of the future, which a clock that was set back has made")
    func future() {
        var facts = Self.facts(10, endedAgo: 100)
        facts.readings = Self.readings([(100, 1_000), (-500, 10)])
        #expect(Self.basis(BacklogProjection(facts)) == nil)
    }

    @Test(
        "says a pace in the unit in which it is one or more",
        arguments: [
            (640.0, "640 a second"), (2.5, "2.5 a second"), (0.5, "30 a minute"), (0.004, "14 an hour"),
            (0.0001, "8.6 a day"), (Double.infinity, "very many a second"),
        ])
    func text(perSecond: Double, text: String) {
        #expect(DrainPace(perSecond: perSecond, basis: .journal).text == text)
    }
}

@Suite("How a backlog was read")
struct BacklogReadingTests {
    private static func sample(_ at: Int64, _ queue: String, _ ready: Int) -> OutageSample {
        OutageSample(outage: 1, at: at, queue: queue, ready: Int64(ready))
    }

    @Test("queues are added up, each as it was read last, and no growth is made up at the start")
    func series() {
        let readings = BacklogReading.series([
            Self.sample(1, "a", 10), Self.sample(2, "b", 5), Self.sample(3, "a", 7), Self.sample(4, "a", 6),
            Self.sample(4, "b", 1),
        ])
        #expect(readings.map(\.at) == [2, 3, 4])
        #expect(readings.map(\.waiting) == [15, 12, 7])
        #expect(BacklogReading.series([]).isEmpty)
    }

    @Test("the drain begins with the most that waited, and ends when nothing does")
    func drain() {
        let values = [50, 80, 80, 40, 0, 9]
        let readings = values.enumerated().map { BacklogReading(at: Int64($0.offset) * 1_000_000, waiting: $0.element) }
        let drain = readings.drain
        #expect(drain.map(\.waiting) == [80, 40, 0])
        #expect(drain.pace == 40)
        #expect([BacklogReading]().drain.pace == nil)
    }
}
