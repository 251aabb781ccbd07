internal import Fleet
internal import Models

/// Who has been told that the ledger cannot be written: in memory, what the ledger would have kept. Planned by the same
/// rules as anything else (``NoticePlanner``), but without a digest: the patience before it was one.
struct OutcryBook: Sendable {
    /// The episode as it was said last; nil before there was one.
    private(set) var record: AlertRecord?
    private(set) var notices: [AlertNotice] = []
    private let planner: NoticePlanner
    private var count: Int64 = 0

    init(planner: NoticePlanner) {
        var planner = planner
        for place in planner.rules.indices { planner.rules[place].digest = .zero }
        self.planner = planner
    }

    /// Whether people have to hear of its end.
    var isOpen: Bool { record?.alert.state == .open }

    /// Whether all has been said that there is to say.
    var isSettled: Bool { !isOpen && !notices.contains { $0.state == .due } }

    /// Notes what is said now, and who is to hear it when.
    mutating func enter(_ alert: Alert, at now: Int64) {
        if alert.state == .open, !isOpen { (record, notices) = (nil, []) }
        let plan = planner.plan(for: alert, after: record, notices: notices, now: now)
        for notice in plan.dropped { change(notice) { $0.state = .dropped } }
        for notice in plan.rescheduled { change(notice) { $0.reopen(at: notice.dueAt) } }
        for notice in plan.added { add(notice) }
        record = AlertRecord(alert)
    }

    private mutating func add(_ notice: AlertNotice) {
        count += 1
        var notice = notice
        notice.number = count
        notices.append(notice)
    }

    private mutating func change(_ notice: AlertNotice, _ body: (inout AlertNotice) -> Void) {
        guard let place = notices.firstIndex(where: { $0.number == notice.number }) else { return }
        body(&notices[place])
    }

    // MARK: - Letters

    /// What is to go out now on a channel: to each recipient one letter. What was tried before keeps its id.
    mutating func letters(
        on channel: AlertNotice.Channel, at now: Int64, newMessage: () -> String
    ) -> [AlertLetter] {
        let due = notices.filter { $0.state == .due && $0.channel == channel && $0.dueAt <= now }
        let bundles = Dictionary(grouping: due) { [$0.recipient.lowercased(), $0.message ?? ""] }
        var letters: [AlertLetter] = []
        for bundle in bundles.values.sorted(by: { Self.number($0) < Self.number($1) }) {
            let message = bundle.first?.message ?? newMessage()
            if let letter = letter(of: bundle, as: message) { letters.append(letter) }
        }
        return letters
    }

    private static func number(_ bundle: [AlertNotice]) -> Int64 { bundle.first?.number ?? 0 }

    private mutating func letter(of bundle: [AlertNotice], as message: String) -> AlertLetter? {
        guard let record, let first = bundle.first else { return nil }
        var begun = bundle
        for place in begun.indices {
            begun[place].message = message
            begun[place].copies += 1
            change(begun[place]) { [kept = begun[place]] in $0 = kept }
        }
        let said = begun.map { (notice: $0, record: record) }
        return AlertLetter(
            message: message, channel: first.channel, recipient: first.recipient, notices: begun,
            items: AlertLetter.Item.gathered(said), thread: thread(of: first, besides: message))
    }

    /// The letter that began the episode, for those who read mail in threads.
    private func thread(of notice: AlertNotice, besides message: String) -> String? {
        let first = notices.first { $0.isFor(notice) && $0.mayHaveArrived }?.message
        return first == message ? nil : first
    }

    /// Notes what came of a letter.
    mutating func settle(
        _ letter: AlertLetter, _ delivery: AlertDelivery, at now: Int64, schedule: CourierSchedule
    ) {
        for notice in letter.notices {
            change(notice) { $0.settle(delivery, at: now, schedule: schedule) }
        }
    }
}

extension AlertNotice {
    /// What was dropped is said anew, so under a new id.
    fileprivate mutating func reopen(at due: Int64) {
        if state == .dropped { (state, attempts, copies, message) = (.due, 0, 0, nil) }
        dueAt = due
    }

    fileprivate mutating func settle(_ delivery: AlertDelivery, at now: Int64, schedule: CourierSchedule) {
        switch delivery {
        case .sent: end(as: .sent, at: now)
        case .refused, .unfit: end(as: .refused, at: now)
        case .later(_, let mayBeThere): postpone(mayBeThere, nil, now, schedule)
        case .slow(_, let rest): postpone(false, rest, now, schedule)
        case .down(_, let rest, let mayBeThere): postpone(mayBeThere, rest, now, schedule)
        case .unanswered:
            // One that was lost is worse than three of the same id.
            if copies >= Int64(AlertLetter.mostCopies) { return end(as: .sent, at: now) }
            postpone(true, nil, now, schedule)
        case .untried: copies -= 1
        case .none: break
        }
    }

    private mutating func end(as end: State, at now: Int64) {
        (state, endedAt) = (end, now)
    }

    private mutating func postpone(
        _ mayBeThere: Bool, _ rest: Duration?, _ now: Int64, _ schedule: CourierSchedule
    ) {
        attempts += 1
        if !mayBeThere { copies -= 1 }
        let delay = max(schedule.delay(after: Int(attempts), spread: .random(in: 0...1)), rest ?? .zero)
        dueAt = now + delay.wholeMicroseconds
    }
}
