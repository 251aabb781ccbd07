package import Models

/// Says whom to tell what about an alert, and when. Looks at nothing but what it is given.
///
/// A recipient is told once that an alert has begun, whichever rules name it, then at most once in a rule's
/// `quiet-after` while it goes on, sooner when it has become another matter (``AlertTurn``), and once that it has ended.
/// An alert that ends before its first mail was due is told to nobody.
///
/// That one way of telling is away goes over the other one, to whomever the rules name there; should that be nobody, to
/// all whom any rule names there. Over its own way it is told at its end, when that can be.
package struct NoticePlanner: Sendable {
    package var rules: [AlertRule]
    /// Where rules with ``AlertRule/webhook`` post to; nil when there is nowhere.
    package var webhook: String?
    package var clock: WallClock

    package init(rules: [AlertRule], webhook: String?, clock: WallClock = .machine) {
        self.rules = rules
        self.webhook = webhook
        self.clock = clock
    }

    /// What has to change.
    /// - Parameters:
    ///   - previous: The alert before this message; nil when there was none.
    ///   - notices: Those of the alert's episode.
    ///   - earlier: Those of the previous episode, when that was still open.
    ///   - now: In microseconds since 1970, as all times here.
    package func plan(
        for alert: Alert, after previous: AlertRecord?, notices: [AlertNotice], earlier: [AlertNotice] = [], now: Int64
    ) -> NoticePlan {
        var draft = NoticeDraft(alert: alert, notices: notices)
        draft.drop(earlier.filter { $0.occasion != .resolved }, because: Self.ended)
        switch alert.state {
        case .open:
            draft.want(unheardEnds(of: earlier, alert, now), beside: earlier)
            planOpen(alert, after: previous, now, &draft)
        case .resolved: planEnd(alert, told: notices + earlier, now, &draft)
        }
        return draft.plan
    }

    /// Why what was due when an alert ended is not sent.
    package static let ended = "it ended before"
    /// Why nothing is said of an end that was none.
    static let goesOn = "it goes on"

    /// Why nobody else is called when somebody looks after an alert.
    package static func attended(by name: String) -> String { "\(name) looks after it" }

    private static func attendant(_ alert: Alert, _ previous: AlertRecord?) -> String? {
        let acknowledged = previous?.episode == alert.raisedAt.microseconds ? previous?.acknowledgedBy : nil
        return acknowledged ?? alert.owner
    }

    // MARK: - While it goes on

    private func planOpen(_ alert: Alert, after previous: AlertRecord?, _ now: Int64, _ draft: inout NoticeDraft) {
        let (matching, attendant) = (meant(by: alert), Self.attendant(alert, previous))
        let begun = draft
        draft.drop(begun.notices.filter { $0.occasion == .resolved }, because: Self.goesOn)
        draft.want(matching.flatMap { beginnings($0, alert, now) }.filter { !begun.isTold($0) })
        if let attendant {
            let calls = begun.notices.filter { $0.occasion == .escalated }
            draft.drop(calls, because: Self.attended(by: attendant))
        } else {
            draft.want(matching.flatMap { escalations($0, alert, now, begun) })
        }
        draft.repeatOnce(
            matching.flatMap { repetitions($0, alert, now, begun) + turns($0, alert, after: previous, now, begun) })
    }

    /// The rules that count for an alert.
    private func meant(by alert: Alert) -> [AlertRule] {
        let matching = rules.filter { $0.when.matches(alert) }
        guard let away = AlertNotice.Channel(awayBy: alert.key) else { return matching }
        let around = matching.map { $0.around(away) }
        let isHeard = around.contains { !recipients(of: $0).isEmpty }
        return isHeard ? around : rules.map { $0.around(away) }
    }

    /// Whom the rule tells at once.
    private func beginnings(_ rule: AlertRule, _ alert: Alert, _ now: Int64) -> [AlertNotice] {
        let due = held(now + Self.microseconds(rule.digest), rule, alert)
        return recipients(of: rule).map { notice(.raised, rule, alert, $0, due) }
    }

    /// Whom the rule calls next when nobody has acted for so long since the first mail: what has gone on for hours
    /// before anybody could hear of it gives nobody less time.
    private func escalations(
        _ rule: AlertRule, _ alert: Alert, _ now: Int64, _ draft: NoticeDraft
    ) -> [AlertNotice] {
        guard let escalation = rule.escalation else { return [] }
        let soonest = now + Self.microseconds(rule.digest)
        let first = beginnings(rule, alert, now).map { draft.firstTelling($0) ?? $0.dueAt }.min() ?? soonest
        let due = held(max(first + Self.microseconds(escalation.after), soonest), rule, alert)
        return escalation.mail.map { notice(.escalated, rule, alert, (.mail, $0), due) }
    }

    /// Whom the rule tells that it has happened again since their last mail.
    private func repetitions(
        _ rule: AlertRule, _ alert: Alert, _ now: Int64, _ draft: NoticeDraft
    ) -> [AlertNotice] {
        recipients(of: rule).compactMap { recipient in
            var notice = notice(.again, rule, alert, recipient, now)
            guard let last = draft.lastTold(notice), alert.lastAt.microseconds > last else { return nil }
            let over = last + Self.microseconds(rule.quietAfter)
            notice.dueAt = held(max(over, now + Self.microseconds(rule.digest)), rule, alert)
            return notice
        }
    }

    /// Whom the rule tells before the quiet time is over, because it is another matter now than they were told.
    private func turns(
        _ rule: AlertRule, _ alert: Alert, after previous: AlertRecord?, _ now: Int64, _ draft: NoticeDraft
    ) -> [AlertNotice] {
        guard let turn = AlertTurn(of: alert, after: previous, for: rule) else { return [] }
        let due = held(now + Self.microseconds(rule.digest), rule, alert)
        let quiet = now - Self.microseconds(rule.quietAfter)
        return recipients(of: rule).map { notice(.again, rule, alert, $0, due) }.filter { wish in
            draft.isTold(wish) && !draft.isTold(turn, wish, since: quiet)
        }
    }

    // MARK: - At its end

    private func planEnd(_ alert: Alert, told: [AlertNotice], _ now: Int64, _ draft: inout NoticeDraft) {
        let due = draft.notices.filter { $0.occasion != .resolved }
        draft.drop(due, because: Self.ended)
        draft.want(ends(of: told, alert, now) + ownEnds(alert, now))
    }

    /// That a way of telling was away, for those who are told over it and could not be before.
    private func ownEnds(_ alert: Alert, _ now: Int64) -> [AlertNotice] {
        guard let way = AlertNotice.Channel(awayBy: alert.key) else { return [] }
        return rules.filter { $0.when.matches(alert) }.flatMap { rule in
            recipients(of: rule).filter { $0.0 == way }.map { recipient in
                notice(.resolved, rule, alert, recipient, held(now, rule, alert))
            }
        }
    }

    /// That it has ended, for everybody who may have heard that it began.
    private func ends(of told: [AlertNotice], _ alert: Alert, _ now: Int64) -> [AlertNotice] {
        told.filter { $0.occasion != .resolved && $0.mayHaveArrived }.map { earlier in
            let rule = rules.first { $0.name == earlier.rule } ?? AlertRule(name: earlier.rule)
            let recipient = (earlier.channel, earlier.recipient)
            return notice(.resolved, rule, alert, recipient, held(now, rule, alert))
        }
    }

    /// That the previous episode has ended, though no message has said so: whoever heard of its beginning is told of
    /// no other end unless they hear of this beginning as well.
    private func unheardEnds(of earlier: [AlertNotice], _ alert: Alert, _ now: Int64) -> [AlertNotice] {
        guard let episode = earlier.first?.episode else { return [] }
        return ends(of: earlier, alert, now).map { notice in
            var notice = notice
            notice.episode = episode
            return notice
        }
    }

    // MARK: - Notices

    private func recipients(of rule: AlertRule) -> [(AlertNotice.Channel, String)] {
        var recipients = rule.mail.map { (AlertNotice.Channel.mail, $0) }
        if rule.webhook, let webhook { recipients.append((.webhook, webhook)) }
        return recipients
    }

    private func notice(
        _ occasion: AlertNotice.Occasion, _ rule: AlertRule, _ alert: Alert,
        _ recipient: (AlertNotice.Channel, String), _ due: Int64
    ) -> AlertNotice {
        AlertNotice(
            alert: alert.key, episode: alert.raisedAt.microseconds, rule: rule.name, occasion: occasion,
            channel: recipient.0, recipient: recipient.1, dueAt: due)
    }

    /// The time itself, or the end of the rule's quiet hours that it lies in; what is critical waits for nothing.
    private func held(_ due: Int64, _ rule: AlertRule, _ alert: Alert) -> Int64 {
        guard alert.severity < .critical, let hours = rule.quietHours else { return due }
        return hours.end(of: due, clock: clock) ?? due
    }

    private static func microseconds(_ duration: Duration) -> Int64 { Int64(duration / .microseconds(1)) }
}
