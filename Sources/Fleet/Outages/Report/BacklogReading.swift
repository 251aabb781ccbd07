/// How much waited for a destination at a moment, in all its queues together.
package struct BacklogReading: Hashable, Sendable {
    /// In microseconds since 1970.
    package var at: Int64
    package var waiting: Int

    package init(at: Int64, waiting: Int) { (self.at, self.waiting) = (at, waiting) }

    /// Of what was read queue by queue, in the order of time. A queue counts as it was read last, and nothing is said
    /// before each of them was read once: what only looks like growth would be taken for some.
    package static func series(_ samples: [OutageSample]) -> [BacklogReading] {
        let queues = Set(samples.map(\.queue))
        var (known, readings): ([String: Int], [BacklogReading]) = ([:], [])
        for sample in samples.sorted(by: { $0.at < $1.at }) {
            known[sample.queue] = max(0, Int(sample.ready))
            guard known.count == queues.count else { continue }
            let sum = known.values.reduce(0) { $0.addingReportingOverflow($1).partialValue }
            if readings.last?.at == sample.at { readings.removeLast() }
            readings.append(BacklogReading(at: sample.at, waiting: sum))
        }
        return readings
    }
}

extension [BacklogReading] {
    /// How much less there is each second, from the first to the last of the readings; below zero where it grows. Nil
    /// of readings that lie too close together to say.
    package var pace: Double? {
        guard let first, let last else { return nil }
        let (span, isAbsurd) = last.at.subtractingReportingOverflow(first.at)
        guard !isAbsurd, span >= DrainPace.shortestSpan else { return nil }
        return Double(first.waiting - last.waiting) * 1_000_000 / Double(span)
    }

    /// The readings of the drain itself: from when the most waited to when nothing did, or to the last one.
    package var drain: [BacklogReading] {
        guard let most = map(\.waiting).max(), let start = lastIndex(where: { $0.waiting == most }) else { return [] }
        let end = self[start...].firstIndex { $0.waiting == 0 } ?? index(before: endIndex)
        return Array(self[start...end])
    }
}
