internal import Fleet
internal import Synchronization

/// What was found lately of the objects of a stream, so that a mistake that comes in small pages is seen as well as one that
/// comes in a large one. The process that reads the stream keeps it, and begins anew with it.
final class GuardMemory: Sendable {
    /// How long a finding counts, in microseconds: as long as a person who mends an ERP's data may take.
    static let span: Int64 = 900_000_000

    private let recent = Mutex(RecentFindings())

    /// Why the page, alone or with those before it, looks like a mistake; nil when it does not. It is kept in mind either way,
    /// so that what follows a page that is held back is held back as well.
    func judge(_ tally: BatchTally, _ limits: GuardLimits, at now: Int64) -> BatchAlarm? {
        recent.withLock { recent in
            recent.forget(before: now - Self.span, after: now)
            let alarm = tally.alarm(limits, beside: recent)
            recent.note(tally, isAlarming: alarm != nil, at: now)
            return alarm
        }
    }
}

/// The last finding of each object, whether it was doubtful. A large page without an alarm speaks for itself.
struct RecentFindings: Sendable {
    private struct Finding {
        var at: Int64
        var isDoubtful: Bool
    }

    /// A mistake in more objects than this is seen by a part of them.
    static let most = 20_000

    private var found: [BatchTally.Doubt: [String: Finding]] = [:]

    /// What is of the future was found before the clock was set back.
    mutating func forget(before time: Int64, after now: Int64) {
        for doubt in found.keys { found[doubt] = found[doubt]?.filter { $0.value.at > time && $0.value.at <= now } }
    }

    /// A large page without an alarm only says what has become of objects that are known already.
    mutating func note(_ tally: BatchTally, isAlarming: Bool, at now: Int64) {
        for (doubt, count) in tally.counts {
            for (key, isDoubtful) in count.findings
            where isAlarming || !count.isLarge || found[doubt]?[key] != nil {
                found[doubt, default: [:]][key] = isDoubtful.map { Finding(at: now, isDoubtful: $0) }
            }
            makeRoom(doubt)
        }
    }

    /// Forgets the older half, doubtful or not: the share is what counts.
    private mutating func makeRoom(_ doubt: BatchTally.Doubt) {
        guard let all = found[doubt], all.count > Self.most else { return }
        let kept = all.sorted { $0.value.at > $1.value.at }.prefix(Self.most / 2)
        found[doubt] = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }

    /// How many findings are kept.
    var count: Int { found.values.reduce(0) { $0 + $1.count } }

    /// How many objects are known beside those of the page, and how many of them are doubtful.
    func beside(_ count: BatchTally.Count, _ doubt: BatchTally.Doubt) -> (known: Int, doubtful: Int) {
        guard !count.isLarge, let found = found[doubt] else { return (0, 0) }
        let others = found.filter { count.findings[$0.key] == nil }
        return (others.count, others.values.count { $0.isDoubtful })
    }
}
