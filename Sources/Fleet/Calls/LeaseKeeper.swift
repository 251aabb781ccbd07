internal import Ledger
internal import Logging
internal import Models
internal import Synchronization

/// Renews the leases on the subjects this process works on, so that a lease can be short and a call may be long.
///
/// A killed worker's subjects are free again after one lease; a frozen one finds its fence broken when it wakes up.
final class LeaseKeeper: Sendable {
    /// A claim of this process.
    struct Held: Hashable {
        let family: String
        let subject: String
        let fence: Int64
    }

    /// When each lease was last known to begin, by a clock that nobody sets.
    private let held = Mutex<[Held: ContinuousClock.Instant]>([:])
    private let ledger: Ledger
    private let lease: Duration
    private let logger: Logger

    init(ledger: Ledger, lease: Duration, logger: Logger) {
        self.ledger = ledger
        self.lease = lease
        self.logger = logger
    }

    /// Keeps the claim's lease alive while `body` runs. `start` is a time before the claim was made.
    func keeping<Value>(
        _ key: ClaimKey, fence: Int64, since start: ContinuousClock.Instant, _ body: (Held) async throws -> Value
    ) async rethrows -> Value {
        let entry = Held(family: key.family, subject: key.subject, fence: fence)
        held.withLock { $0[entry] = start }
        defer { held.withLock { $0[entry] = nil } }
        return try await body(entry)
    }

    /// Whether the lease cannot have run out: after a freeze, or while the ledger takes nothing, another worker may have
    /// the subject.
    func isSafe(_ entry: Held) -> Bool {
        held.withLock { $0[entry] }.map { ContinuousClock.now - $0 < lease } ?? false
    }

    /// Renews until cancelled, three times per lease; a renewal that failed is tried again at once and then more rarely.
    func run() async {
        let usual = lease / 3
        var delay = usual
        while (try? await Task.sleep(for: delay)) != nil {
            let entries = held.withLock { Set($0.keys) }
            guard !entries.isEmpty else {
                delay = usual
                continue
            }
            do {
                try await renew(entries)
                delay = usual
            } catch {
                // The ledger is away; the fence decides later who was in time.
                if delay == usual { logger.warning("leases not renewed", metadata: ["reason": "\(error)"]) }
                delay = delay == usual ? min(.milliseconds(100), usual / 2) : min(delay * 2, usual / 2)
            }
        }
    }

    private func renew(_ entries: Set<Held>) async throws {
        let start = ContinuousClock.now
        let renewed = try await ledger.write { [lease] transaction in
            let now = Timestamp.now().microseconds
            return try entries.filter { entry in
                do {
                    try transaction.extend(
                        family: entry.family, subject: entry.subject, fence: entry.fence, lease: lease, now: now)
                    return true
                } catch LedgerError.fenced {
                    // Finished a moment ago, or taken over: its own worker finds out when it records.
                    return false
                }
            }
        }
        held.withLock { held in
            for entry in renewed where held[entry] != nil { held[entry] = start }
        }
    }
}
