internal import Synchronization

/// A number that only grows, safe to bump from any thread.
final class Counter: Sendable {
    private let value = Atomic<Int>(0)

    func add(_ amount: Int = 1) { value.add(amount, ordering: .relaxed) }

    var total: Int { value.load(ordering: .relaxed) }
}

/// A number that goes up and down, safe to set from any thread.
final class Gauge: Sendable {
    private let value = Atomic<Int>(0)

    func set(_ new: Int) { value.store(new, ordering: .relaxed) }

    var now: Int { value.load(ordering: .relaxed) }
}

/// How long things took, in the buckets of OpenTelemetry's `messaging.process.duration`.
final class DurationHistogram: Sendable {
    static let boundsInMilliseconds = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000]

    private let buckets: [Counter] = (0...boundsInMilliseconds.count).map { _ in Counter() }
    private let microseconds = Counter()

    func record(_ duration: Duration, count: Int = 1) {
        let (seconds, attoseconds) = duration.components
        let micros = Int(seconds) &* 1_000_000 &+ Int(attoseconds / 1_000_000_000_000)
        let index = Self.boundsInMilliseconds.firstIndex { micros <= $0 * 1_000 } ?? Self.boundsInMilliseconds.count
        buckets[index].add(count)
        microseconds.add(micros &* count)
    }

    /// In the Prometheus text format, cumulative.
    func lines(_ name: String, labels: String) -> [String] {
        var seen = 0
        var lines: [String] = []
        for (bound, bucket) in zip(Self.boundsInMilliseconds, buckets) {
            seen += bucket.total
            lines.append("\(name)_bucket{\(labels),le=\"\(Double(bound) / 1_000)\"} \(seen)")
        }
        seen += buckets[Self.boundsInMilliseconds.count].total
        lines.append("\(name)_bucket{\(labels),le=\"+Inf\"} \(seen)")
        lines.append("\(name)_sum{\(labels)} \(Double(microseconds.total) / 1_000_000)")
        lines.append("\(name)_count{\(labels)} \(seen)")
        return lines
    }
}
