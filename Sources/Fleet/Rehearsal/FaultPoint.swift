#if canImport(Glibc)
    internal import Glibc
#endif
internal import Synchronization

/// A named step of the road at which a crash can be rehearsed.
///
/// `STEVEDORE_CRASH_AT=after-call:3` kills the process with SIGKILL the third time it gets past that step, exactly as a
/// power cut would; `after-receive=W-1001` does so whenever that subject passes. Unset (the ordinary case) a point costs
/// one comparison. The crash tests run the real programs with it, and an operator can rehearse with it.
public enum FaultPoint: String, CaseIterable, Sendable {
    /// A delivery has arrived; nothing is written yet.
    case afterReceive = "after-receive"
    /// The subject is claimed in the ledger; the ERP is not called yet.
    case afterClaim = "after-claim"
    /// The ERP has answered; the answer is not recorded yet.
    case afterCall = "after-call"
    /// Effect, journal and outbox are committed; nothing is published or acknowledged yet.
    case afterRecord = "after-record"
    /// An outbox batch is confirmed by the broker, but not yet marked as published.
    case afterOutboxConfirm = "after-outbox-confirm"
    /// An outbox batch is marked as published.
    case afterOutboxMark = "after-outbox-mark"
    /// The copy in the retry queue is confirmed; the original is not acknowledged yet.
    case afterRetryConfirm = "after-retry-confirm"
    /// The dead letter is confirmed; the original is not acknowledged yet.
    case afterDeadLetterConfirm = "after-dead-letter-confirm"
    /// Settlements have been handed to the connection.
    case afterSettle = "after-settle"
    /// A message on probation is marked and about to be handled alone.
    case duringProbation = "during-probation"
    /// A replayed copy is confirmed; the ledger does not know it yet.
    case afterReplayConfirm = "after-replay-confirm"
    /// The ledger knows the replay; the dead letter is not acknowledged yet.
    case afterReplayMark = "after-replay-mark"
    /// Imported letters are confirmed in their dead-letter queues; the ledger does not know them yet.
    case afterImportConfirm = "after-import-confirm"
    /// The ledger knows a batch of imported letters.
    case afterImportMark = "after-import-mark"
    /// A delivery has arrived and is about to be decoded.
    case beforeDecode = "before-decode"
    /// The copy that waits without an attempt spent is confirmed; the original is not acknowledged yet.
    case afterGiveBack = "after-give-back"
    /// The message's fate is durable; its settlement is not handed to the connection yet.
    case beforeSettle = "before-settle"

    /// Kills the process here if the rehearsal says so.
    package func pass(_ subject: String? = nil) {
        guard let plan = CrashPlan.current, plan.point == self else { return }
        if let chosen = plan.subject {
            if chosen == subject { kill(getpid(), SIGKILL) }
        } else if plan.remaining.subtract(1, ordering: .relaxed).newValue == 0 {
            kill(getpid(), SIGKILL)
        }
    }
}

/// The rehearsed crash of this process, read once from `STEVEDORE_CRASH_AT`.
private final class CrashPlan: Sendable {
    static let current = CrashPlan(getenv("STEVEDORE_CRASH_AT").map { String(cString: $0) })

    let point: FaultPoint
    /// Only this one crashes, and every time.
    let subject: String?
    let remaining: Atomic<Int>

    private init?(_ text: String?) {
        guard let text, let name = text.split(whereSeparator: { ":=".contains($0) }).first,
            let point = FaultPoint(rawValue: String(name))
        else { return nil }
        self.point = point
        let setting = String(text.dropFirst(name.count + 1))
        subject = text.dropFirst(name.count).first == "=" ? setting : nil
        remaining = Atomic(Int(setting) ?? 1)
    }
}
