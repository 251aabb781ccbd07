internal import Fleet
internal import Synchronization

/// What became of the messages of a run so far.
struct PublishCounts: Hashable, Sendable {
    var confirmed = 0
    var refused = 0
    /// Sent again because no answer came.
    var repeated = 0

    /// Both together.
    static func + (left: Self, right: Self) -> Self {
        Self(
            confirmed: left.confirmed + right.confirmed, refused: left.refused + right.refused,
            repeated: left.repeated + right.repeated)
    }

    /// `1,003 confirmed, 2 refused`.
    func sentence(isDryRun: Bool) -> String {
        var parts = [
            Count.grouped(confirmed) + (isDryRun ? " valid" : " confirmed"), Count.grouped(refused) + " refused",
        ]
        if repeated > 0 { parts.append(Count.grouped(repeated) + " sent again") }
        return parts.joined(separator: ", ")
    }
}

/// Counts from several tasks, and the line on which a later run can go on.
final class PublishTally: Sendable {
    private struct State {
        var counts = PublishCounts()
        var prefix: ConfirmedPrefix
    }

    private let state: Mutex<State>

    /// A later run goes on at `fromLine` when nothing is read at all.
    init(fromLine: Int = 1) {
        state = Mutex(State(prefix: ConfirmedPrefix(before: fromLine)))
    }

    var counts: PublishCounts { state.withLock { $0.counts } }
    var nextLine: Int { state.withLock { $0.prefix.nextLine } }

    func begin(_ line: Int) { state.withLock { $0.prefix.begin(line) } }

    func confirm(_ lines: [Int]) {
        state.withLock { state in
            state.counts.confirmed += lines.count
            for line in lines { state.prefix.settle(line) }
        }
    }

    func refuse(_ line: Int) {
        state.withLock { state in
            state.counts.refused += 1
            state.prefix.settle(line)
        }
    }

    func repeats(_ count: Int) { state.withLock { $0.counts.repeated += count } }
}
