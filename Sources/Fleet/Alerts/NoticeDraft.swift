internal import Models

/// A plan while it is made, beside the notices that are there already.
struct NoticeDraft {
    let notices: [AlertNotice]
    private(set) var plan = NoticePlan()

    init(alert: Alert, notices: [AlertNotice]) {
        self.notices = notices.filter { $0.alert == alert.key }
    }

    /// Whether the recipient has been told anything of this episode.
    func isTold(_ wish: AlertNotice) -> Bool { lastTold(wish) != nil }

    /// When the recipient was told something of this episode last.
    func lastTold(_ wish: AlertNotice) -> Int64? {
        notices.filter { $0.state == .sent && $0.isFor(wish) }.map { $0.endedAt ?? $0.dueAt }.max()
    }

    /// When the recipient hears, or has heard, of the beginning; nil when nothing is planned yet.
    func firstTelling(_ wish: AlertNotice) -> Int64? {
        notices.first { $0.occasion == .raised && $0.state != .dropped && $0.isFor(wish) }
            .map { $0.endedAt ?? $0.dueAt }
    }

    /// Ends those that are still due.
    mutating func drop(_ notices: [AlertNotice], because reason: String) {
        for var notice in notices where notice.state == .due {
            notice.reason = reason
            plan.dropped.append(notice)
        }
    }

    /// Each recipient gets one, the earliest of those that are wanted; `others` are those of another episode.
    mutating func want(_ wishes: [AlertNotice], beside others: [AlertNotice]? = nil) {
        for wish in Self.earliest(wishes) {
            let isWish = { (notice: AlertNotice) in notice.occasion == wish.occasion && notice.isFor(wish) }
            guard let there = (others ?? notices).first(where: isWish) else {
                plan.added.append(wish)
                continue
            }
            reschedule(there, for: wish)
        }
    }

    /// The same for what may be said often, but only once at a time.
    mutating func repeatOnce(_ wishes: [AlertNotice]) {
        for wish in Self.earliest(wishes) {
            let isWish = { (notice: AlertNotice) in notice.occasion == wish.occasion && notice.isFor(wish) }
            guard let there = notices.first(where: { $0.state == .due && isWish($0) }) else {
                plan.added.append(wish)
                continue
            }
            reschedule(there, for: wish)
        }
    }

    /// One that was tried already has its time from whoever tries it.
    private mutating func reschedule(_ there: AlertNotice, for wish: AlertNotice) {
        let isSooner = there.state == .due && there.attempts == 0 && wish.dueAt < there.dueAt
        guard isSooner || there.state == .dropped else { return }
        var notice = there
        notice.dueAt = wish.dueAt
        plan.rescheduled.append(notice)
    }

    private static func earliest(_ wishes: [AlertNotice]) -> [AlertNotice] {
        wishes.reduce(into: [AlertNotice]()) { chosen, wish in
            guard let place = chosen.firstIndex(where: { $0.isFor(wish) }) else { return chosen.append(wish) }
            if wish.dueAt < chosen[place].dueAt { chosen[place] = wish }
        }
    }
}
