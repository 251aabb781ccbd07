internal import Models

/// What of an open alert has become another matter for a rule, so that whom it tells need not wait for the end of the
/// quiet time. More of the same, another wording, another product's name or whoever looks after it are none.
enum AlertTurn: Hashable, Sendable {
    /// Its code or category is another one, or its severity is greater.
    case changed
    /// It has come to meet the rule's conditions: above all it has risen over `at-stake`, or over `severity`.
    case met

    /// Nil when nothing has, or nothing of the same episode was known.
    /// - Parameter previous: The alert before its newest message.
    init?(of alert: Alert, after previous: AlertRecord?, for rule: AlertRule) {
        guard let previous, previous.episode == alert.raisedAt.microseconds, previous.alert.state == .open else {
            return nil
        }
        let before = previous.alert
        if !rule.when.matches(before), rule.when.matches(alert) {
            self = .met
        } else if alert.code != before.code || alert.category != before.category || alert.severity > before.severity {
            self = .changed
        } else {
            return nil
        }
    }
}

extension NoticeDraft {
    /// Whether the rule has told the recipient of such a turn since then: what goes up and down is not told each time. Of
    /// what makes the rule count, its first mail tells as well.
    func isTold(_ turn: AlertTurn, _ wish: AlertNotice, since time: Int64) -> Bool {
        notices.contains { notice in
            notice.state == .sent && notice.rule == wish.rule && notice.isFor(wish)
                && (turn == .met || notice.occasion == .again) && (notice.endedAt ?? notice.dueAt) > time
        }
    }
}
