internal import Fleet
internal import Synchronization

/// The doubtful changes of a stream that have been told lately, so that a mistake that comes in small pages is seen as well
/// as one that comes in a large one. It is kept by the process that reads the stream, and begins anew with it.
final class GuardMemory: Sendable {
    /// How long a change counts, in microseconds: as long as a person who mends an ERP's data may take.
    static let span: Int64 = 900_000_000

    private let told = Mutex<[(at: Int64, tally: BatchTally)]>([])

    /// All that has been told within the span before `now`, without what it was.
    func recent(_ now: Int64) -> BatchTally {
        told.withLock { told in
            told.removeAll { now - $0.at > Self.span }
            return told.reduce(into: BatchTally()) { $0.add($1.tally) }
        }
    }

    /// A page has been told.
    func note(_ tally: BatchTally, at now: Int64) {
        guard !tally.isEmpty else { return }
        told.withLock { $0.append((now, tally.withoutExamples)) }
    }

    /// A page has been held back: a person looks, and counting begins anew.
    func forget() { told.withLock { $0 = [] } }
}
