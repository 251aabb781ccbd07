/// How far apart it is noted what waits during an outage, and what of that is kept: of the last minutes all, of a long past
/// less and less, so that no outage fills the ledger and a curve of it still has its shape.
///
/// The time until the end and the time after it are two parts: a drain of minutes after an outage of days has points of its
/// own.
enum SampleSpacing {
    /// In microseconds, as all times here.
    static let shortest: Int64 = 10_000_000
    /// So that there are always some of the last minutes, from which the pace is told.
    static let longest: Int64 = 60_000_000
    /// What is younger is kept.
    static let fresh: Int64 = 600_000_000
    /// How many are kept of one part, one queue, beside the fresh ones.
    static let most: Int64 = 160
    /// With so many, some are taken away: not at every look.
    static let limit = 240

    /// Whether it is time to note how much waits. A clock that was set back makes nobody wait for it.
    /// - Parameter start: When the part began.
    static func isDue(after last: Int64?, since start: Int64, at now: Int64) -> Bool {
        guard let last, last <= now else { return true }
        return distance(last, now) >= min(spacing(of: distance(start, now)), longest)
    }

    /// How far apart those lie that are kept of a time so long: twice as far each time that it has doubled.
    static func spacing(of span: Int64) -> Int64 {
        var step = shortest
        while span / step >= most { step <<= 1 }
        return step
    }

    /// Those of one part of one queue that need not be kept. Of those that lie close together the one stays that had the
    /// most waiting.
    static func surplus(
        of samples: [OutageSample], from start: Int64, to end: Int64, at now: Int64
    ) -> [OutageSample] {
        guard samples.count > limit else { return [] }
        let step = spacing(of: distance(start, end))
        var kept: [Int64: OutageSample] = [:]
        var surplus: [OutageSample] = []
        for sample in samples where distance(sample.at, now) > fresh {
            let place = distance(start, sample.at) / step
            guard let other = kept[place] else {
                kept[place] = sample
                continue
            }
            let isMore = sample.ready >= other.ready
            surplus.append(isMore ? other : sample)
            if isMore { kept[place] = sample }
        }
        return surplus
    }

    /// Whatever a clock has written.
    private static func distance(_ start: Int64, _ end: Int64) -> Int64 {
        let (span, isTooGreat) = end.subtractingReportingOverflow(start)
        return isTooGreat ? (end > start ? .max : 0) : max(0, span)
    }
}
