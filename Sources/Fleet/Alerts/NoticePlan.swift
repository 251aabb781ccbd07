package import Ledger

/// What has to change among the notices of an alert once its newest message is known.
package struct NoticePlan: Hashable, Sendable {
    /// To be written down.
    package var added: [AlertNotice] = []
    /// There already, and due at the time that they have here: sooner than before, or again after they were dropped.
    package var rescheduled: [AlertNotice] = []
    /// Due until now, and not to be sent any more; each has its reason.
    package var dropped: [AlertNotice] = []

    package init() {}

    /// Whether nothing has to change.
    package var isEmpty: Bool { added.isEmpty && rescheduled.isEmpty && dropped.isEmpty }
}

extension LedgerTransaction {
    /// Carries out a plan.
    package func apply(_ plan: NoticePlan, now: Int64) throws {
        for notice in plan.dropped { try end(notice, as: .dropped, reason: notice.reason, now: now) }
        for notice in plan.rescheduled { try reschedule(notice) }
        for notice in plan.added { try add(notice) }
    }

    /// What was dropped is said anew, so under a new id: under the old one a reader might take it for a copy.
    private func reschedule(_ notice: AlertNotice) throws {
        try execute(
            """
            UPDATE alert_notice SET state = 'due', due_at = ?, reason = NULL, ended_at = NULL,
                attempts = CASE WHEN state = 'due' THEN attempts ELSE 0 END,
                copies = CASE WHEN state = 'due' THEN copies ELSE 0 END,
                message = CASE WHEN state = 'due' THEN message END
            WHERE number = ? AND state IN ('due', 'dropped')
            """, .integer(notice.dueAt), .integer(orNull: notice.number))
    }
}
