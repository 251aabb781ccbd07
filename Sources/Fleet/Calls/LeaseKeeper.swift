internal import Ledger
internal import Logging
internal import Models
internal import Synchronization

/// Renews the leases on the subjects this process works on, so that a lease can be short and a call may be long.
///
/// A killed worker's subjects are free again after one lease; a frozen one finds its fence broken when it wakes up.
final class LeaseKeeper: Sendable {
    private struct Held: Hashable {
        let family: String
        let subject: String
        let fence: Int64
    }

    private let held = Mutex<Set<Held>>([])
    private let ledger: Ledger
    private let lease: Duration
    private let logger: Logger

    init(ledger: Ledger, lease: Duration, logger: Logger) {
        self.ledger = ledger
        self.lease = lease
        self.logger = logger
    }

    /// Keeps the claim's lease alive while `body` runs.
    func keeping<Value>(_ key: ClaimKey, fence: Int64, _ body: () async throws -> Value) async rethrows -> Value {
        let entry = Held(family: key.family, subject: key.subject, fence: fence)
        _ = held.withLock { $0.insert(entry) }
        defer { _ = held.withLock { $0.remove(entry) } }
        return try await body()
    }

    /// Renews until cancelled, three times per lease.
    func run() async {
        while (try? await Task.sleep(for: lease / 3)) != nil {
            let entries = held.withLock { $0 }
            guard !entries.isEmpty else { continue }
            do {
                try await renew(entries)
            } catch {
                // The ledger is away; the fence decides later who was in time.
                logger.warning("leases not renewed", metadata: ["reason": "\(error)"])
            }
        }
    }

    private func renew(_ entries: Set<Held>) async throws {
        try await ledger.write { [lease] transaction in
            let now = Timestamp.now().microseconds
            for entry in entries {
                do {
                    try transaction.extend(
                        family: entry.family, subject: entry.subject, fence: entry.fence, lease: lease, now: now)
                } catch LedgerError.fenced {
                    // Finished a moment ago, or taken over: its own worker finds out when it records.
                }
            }
        }
    }
}
