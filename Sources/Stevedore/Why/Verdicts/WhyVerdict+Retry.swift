internal import Fleet
internal import Ledger
internal import Models

// What is said of a message that waits to be tried again, and of one that was to be back and is not.
extension WhyFacts {
    static var inRetry: String { "retry" }
    static var retryOverdue: String { "retry.overdue" }

    func waiting(
        _ name: String, _ leg: WhyLeg, _ step: JournalEntry, _ tier: RetryTier, _ until: Int64
    ) -> WhyVerdict {
        let attempt = step.stage == "retried" ? step.attempt + 1 : step.attempt
        if until > now {
            return WhyVerdict(
                Self.inRetry,
                "\(name) waits in the retry tier \(tier.rawValue) until \(WhyTime.text(until)) at the latest: "
                    + step.waitReason,
                next: "Then it is tried again by itself (try \(attempt)).",
                remedy: leg.pauses.isEmpty ? nil : queueRemedy(leg))
        }
        if let queue = broker[leg.queue], queue.ready == 0 { return overdue(name, leg, step, attempt) }
        return WhyVerdict(
            "queue.again",
            "\(name) is back in \(leg.queue) since \(WhyTime.text(until)) and waits for "
                + "\(article(leg.program)) (try \(attempt)): \(queueClause(leg)). Before that: \(step.waitReason)",
            next: queueNext(leg), remedy: queueRemedy(leg))
    }

    /// A broker that cannot hand a message over keeps it in the tier, and counts it nowhere that anybody may ask.
    private func overdue(_ name: String, _ leg: WhyLeg, _ step: JournalEntry, _ attempt: Int) -> WhyVerdict {
        let retry = RetryStep(stage: step.stage, detail: step.detail, at: step.at)
        let due = retry?.dueAt ?? step.at
        let patientUntil = retry?.patientUntil ?? step.at
        return WhyVerdict(
            Self.retryOverdue,
            "\(name) was to be back in \(leg.queue) at \(WhyTime.text(due)) (try \(attempt)), and nothing has been "
                + "seen of it since: \(queueClause(leg)). The broker may hold it, as it does when the queue was full. "
                + "Before that: \(step.waitReason)",
            next: overdueNext(leg, patientUntil),
            remedy: queueRemedy(leg) ?? (now < patientUntil ? nil : lostRemedy(leg)))
    }

    private func overdueNext(_ leg: WhyLeg, _ patientUntil: Int64) -> String {
        if !leg.pauses.isEmpty || broker[leg.queue]?.workers == 0 { return queueNext(leg) }
        let again = leg.watchedSince == nil ? "" : " \(queueNext(leg))"
        guard now < patientUntil else {
            let span = Age.text(microseconds: now - patientUntil + Self.patience)
            return "Nothing has brought it back in \(span).\(again)"
        }
        return "A broker that holds it tries again every few minutes by itself; there is nothing to do before "
            + "\(WhyTime.text(patientUntil)).\(again)"
    }

    private static var patience: Int64 { Int64(RetryStep.patience / .microseconds(1)) }

    private func lostRemedy(_ leg: WhyLeg) -> String {
        guard leg.family == Catalogue.orderPlaced.family else { return statedRemedy(leg) }
        return "`stevedore reconcile orders` says whether the ERP has it; if it has not, have the store publish it "
            + "again."
    }
}
