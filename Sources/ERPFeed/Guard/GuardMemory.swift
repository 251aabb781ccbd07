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
            recent.forget(before: now - Self.span)
            defer { recent.note(tally, at: now) }
            return tally.alarm(limits, beside: recent)
        }
    }
}

/// The last finding of each object, whether it was doubtful. A large page speaks for itself and is not among them.
struct RecentFindings: Sendable {
    private struct Finding {
        var at: Int64
        var isDoubtful: Bool
    }

    private var found: [BatchTally.Doubt: [String: Finding]] = [:]

    mutating func forget(before time: Int64) {
        for doubt in found.keys { found[doubt] = found[doubt]?.filter { $0.value.at > time } }
    }

    mutating func note(_ tally: BatchTally, at now: Int64) {
        for (doubt, count) in tally.counts where !count.isLarge {
            for (key, isDoubtful) in count.findings {
                found[doubt, default: [:]][key] = isDoubtful.map { Finding(at: now, isDoubtful: $0) }
            }
        }
    }

    /// How many objects are known beside those of the page, and how many of them are doubtful.
    func beside(_ count: BatchTally.Count, _ doubt: BatchTally.Doubt) -> (known: Int, doubtful: Int) {
        guard !count.isLarge, let found = found[doubt] else { return (0, 0) }
        let others = found.filter { count.findings[$0.key] == nil }
        return (others.count, others.values.count { $0.isDoubtful })
    }
}
