internal import Fleet
internal import Ledger
internal import Models

/// What is known of one thing's messages on one road: those to the ERP, or those to the store.
struct WhyLeg: Hashable, Sendable {
    /// A message that is written and has yet to be published.
    struct Outgoing: Hashable, Sendable {
        var type: String
        var revision: Int64
        var at: Int64
    }

    var family: String
    var queue: String
    var types: Set<String>
    /// The business key of its messages, which of stock is not the thing's own.
    var subject: String
    /// What the road's worker has claimed and applied.
    var state: SubjectState?
    /// The newest revision that is known to have been stated, by whoever counts them; 0 when nobody has said.
    var stated: Int64 = 0
    /// Steps of its messages on this road, the oldest first.
    var steps: [JournalEntry] = []
    /// Steps of the flow that only looks on.
    var noted: [JournalEntry] = []
    /// The newest first.
    var letters: [DeadLetterRecord] = []
    var outbox: [Outgoing] = []
    var pauses: [FlowPause] = []
    var position: FlowPosition?
    /// Since when it is watched whether its own queue has it; nil when that is not needed any more.
    var watchedSince: Int64?

    /// The newest revision of which anything is known.
    var newest: Int64 {
        let revisions = steps.compactMap(\.revision) + noted.compactMap(\.revision) + letters.compactMap(\.revision)
        return (revisions + outbox.map(\.revision) + [stated, state?.revision ?? 0]).max() ?? 0
    }

    /// The program that works on the queue.
    var program: String { "\(queue.prefix { $0 != "." })-worker" }

    /// Whether any revision has been applied.
    var isApplied: Bool { state.map { $0.revision > 0 } ?? false }

    /// The revision that its worker took on last.
    func claimed(by holder: String) -> Int64? {
        steps.last { $0.stage == "claimed" && $0.worker == holder }?.revision
    }

    /// When the revision was first heard of; nil when the journal does not say.
    func heard(_ revision: Int64) -> Int64? {
        (noted + steps).filter { $0.revision == revision }.map(\.at).min()
    }
}

/// Where the newest message of a road is now.
enum WhyStanding: Hashable, Sendable {
    /// None has come.
    case unheard
    /// A worker has it in hand, and is given up at that time.
    case inHand(by: String, until: Int64)
    /// It waits in a retry tier, at the latest until then; later it is back in its queue.
    case waiting(JournalEntry, tier: RetryTier, until: Int64)
    /// A worker began and has not come to an end.
    case begun(JournalEntry)
    /// It waits for a person.
    case letter(DeadLetterRecord)
    /// A person has sent it again.
    case replayed(DeadLetterRecord?, JournalEntry?)
    /// A person has set it aside.
    case discarded(DeadLetterRecord)
    /// It waits to be published.
    case written(WhyLeg.Outgoing)
    /// It waits for a worker.
    case queued(since: Int64?)
    /// Its queue had lost it, and it was sent there again.
    case resent(JournalEntry)
    /// Its queue has lost it, and nobody has its body.
    case lost(JournalEntry)
    /// Only that there is such a revision is known, and not where it is.
    case stated
    /// It is done.
    case applied(at: Int64)
}

extension WhyLeg {
    /// A lease that ends later was written before the clock was set back, and is over.
    private static let longestLease: Int64 = 900_000_000

    func standing(now: Int64) -> WhyStanding {
        if let state, let holder = state.leaseHolder, let until = state.leaseUntil, until > now,
            until - now <= Self.longestLease
        {
            return .inHand(by: holder, until: until)
        }
        if let letter = letters.first(where: isInTheWay) { return .letter(letter) }
        let applied = state?.revision ?? 0
        if newest > applied { return pending(newest) }
        if applied > 0 { return .applied(at: state?.appliedAt ?? 0) }
        return letters.first.map(ended) ?? .unheard
    }

    /// A letter that nothing newer has overtaken. Of one without a revision only the time says that.
    private func isInTheWay(_ letter: DeadLetterRecord) -> Bool {
        guard letter.state == .open else { return false }
        guard let revision = letter.revision, revision > 0 else {
            let newestAt = newest > 0 ? heard(newest) ?? 0 : 0
            return letter.lastFailedAt > max(state?.appliedAt ?? 0, newestAt)
        }
        return revision > state?.revision ?? 0 && revision >= newest
    }

    private func pending(_ revision: Int64) -> WhyStanding {
        if let row = outbox.last(where: { $0.revision == revision }) { return .written(row) }
        let last = steps.last { $0.revision == revision }
        let letter = letters.first { $0.revision == revision }
        switch last?.stage {
        case "retried", "returned": return last.map(waiting) ?? .unheard
        case "replayed": return .replayed(letter, last)
        case "claimed": return last.map { .begun($0) } ?? .unheard
        case "sent-again": return last.map(sentAgain) ?? .unheard
        case "dead-lettered", "discarded", "resolved": return letter.map(ended) ?? .stated
        default: return letter.map(ended) ?? queued(revision)
        }
    }

    private func sentAgain(_ step: JournalEntry) -> WhyStanding {
        step.code == "body.gone" ? .lost(step) : .resent(step)
    }

    private func queued(_ revision: Int64) -> WhyStanding {
        let since = heard(revision)
        return since != nil || watchedSince != nil ? .queued(since: since) : .stated
    }

    /// A letter that does not wait for a person any more, and of which nothing else is known.
    private func ended(_ letter: DeadLetterRecord) -> WhyStanding {
        switch letter.state {
        case .open: .letter(letter)
        case .discarded: .discarded(letter)
        case .replayed, .resolved:
            .replayed(letter, steps.last { $0.messageID == letter.id && ["replayed", "edited"].contains($0.stage) })
        }
    }

    private func waiting(_ step: JournalEntry) -> WhyStanding {
        guard let tier = RetryTier(named: step.detail) else { return .queued(since: step.at) }
        return .waiting(step, tier: tier, until: step.at + Int64(tier.delay / .microseconds(1)))
    }
}

extension JournalEntry {
    /// Why it waits, out of the same detail.
    var waitReason: String {
        guard let detail, let colon = detail.firstIndex(of: ":") else { return code }
        return String(detail[colon...].dropFirst(2))
    }
}
