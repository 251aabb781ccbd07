internal import Fleet
internal import Models

/// All that is said to one recipient at once: by mail whatever is due for them, by webhook one alert.
struct AlertLetter: Hashable, Sendable {
    /// One alert of it, though several notices may be about that alert.
    struct Item: Hashable, Sendable {
        /// The alert as it is now.
        var record: AlertRecord
        /// The weightiest reason to speak of it.
        var occasion: AlertNotice.Occasion
        /// The rules that want it said.
        var rules: [String]
    }

    /// Its id: chosen before the first try and the same at every further one.
    var message: String
    var channel: AlertNotice.Channel
    var recipient: String
    /// The rows that it settles.
    var notices: [AlertNotice]
    /// What presses most comes first.
    var items: [Item]
    /// The id of the earlier mail to the same recipient that began all the episodes told of here.
    var thread: String?

    /// How often it was tried in vain.
    var attempts: Int { Int(notices.map(\.attempts).max() ?? 0) }
    /// How many copies of it the other side may have, with the one in hand.
    var copies: Int { Int(notices.map(\.copies).max() ?? 0) }

    /// The rules that want any of it said, each once.
    var rules: [String] { Set(items.flatMap(\.rules)).sorted() }

    /// How many copies a recipient may get who cannot tell that they are one: one that was lost is worse than three.
    static let mostCopies = 3
}

extension AlertLetter.Item {
    /// Gathers what is to be said by alert, so that each is told once.
    static func gathered(_ said: [(notice: AlertNotice, record: AlertRecord)]) -> [Self] {
        var items: [String: Self] = [:]
        for (notice, record) in said {
            var item = items[notice.alert] ?? Self(record: record, occasion: notice.occasion, rules: [])
            if notice.occasion.weight > item.occasion.weight { item.occasion = notice.occasion }
            if !item.rules.contains(notice.rule) { item.rules.append(notice.rule) }
            items[notice.alert] = item
        }
        return items.values.sorted { $0.presses(before: $1) }
    }

    /// What still holds before what is over, then the worst, then what nobody looks after, then the oldest.
    private func presses(before other: Self) -> Bool {
        let (alert, others) = (record.alert, other.record.alert)
        if alert.state != others.state { return alert.state == .open }
        if alert.severity != others.severity { return alert.severity > others.severity }
        if occasion.weight != other.occasion.weight { return occasion.weight > other.occasion.weight }
        return (alert.raisedAt, alert.key) < (others.raisedAt, others.key)
    }
}

extension AlertNotice.Occasion {
    /// Which one is said when there are several about one alert.
    var weight: Int {
        switch self {
        case .raised: 0
        case .again: 1
        case .escalated: 2
        case .resolved: 3
        }
    }
}
