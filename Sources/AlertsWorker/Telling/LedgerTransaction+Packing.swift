internal import Fleet
internal import Ledger
internal import Models

extension LedgerTransaction {
    /// Makes a letter of what is due: looks at each alert anew, drops what need not be said any more, and writes the
    /// id of the letter to its rows before anybody tries it.
    /// - Returns: nil when nothing is left to be said.
    func pack(_ parcel: DueParcel, as newMessage: String, now: Int64) throws -> AlertLetter? {
        let message = parcel.message ?? newMessage
        var said: [(notice: AlertNotice, record: AlertRecord)] = []
        for notice in try dueNotices(of: parcel, at: now) {
            guard let record = try stillSaid(notice, now: now) else { continue }
            if parcel.message == nil { try setMessage(message, of: notice) }
            var kept = notice
            kept.message = message
            said.append((kept, record))
        }
        guard !said.isEmpty else { return nil }
        let items = AlertLetter.Item.gathered(said)
        return AlertLetter(
            message: message, channel: parcel.channel, recipient: parcel.recipient, notices: said.map(\.notice),
            items: items, thread: try thread(of: said.map(\.notice), besides: message))
    }

    /// The alert that a notice speaks of; nil when the notice is dropped, or not for this version to send.
    private func stillSaid(_ notice: AlertNotice, now: Int64) throws -> AlertRecord? {
        guard let record = try alert(key: notice.alert) else {
            try setAside(notice, now: now)
            return nil
        }
        guard let reason = try needlessness(of: notice, record) else { return record }
        try end(notice, as: .dropped, reason: reason, now: now)
        return nil
    }

    /// Why a notice need not be sent any more.
    private func needlessness(of notice: AlertNotice, _ record: AlertRecord) throws -> String? {
        guard record.episode == notice.episode else { return "The alert has begun anew since." }
        if notice.occasion == .resolved {
            guard record.alert.state == .resolved else { return "The alert holds again." }
            return try isNothingTold(before: notice) ? "The alert ended before anything was said of it." : nil
        }
        guard record.alert.state == .open else { return "The alert ended before this was sent." }
        guard notice.occasion == .escalated, record.isAttended else { return nil }
        let name = record.acknowledgedBy ?? record.alert.owner
        return "\(name ?? "Somebody") looks after the alert."
    }

    /// What a newer version has written waits for that version; what has no alert at all is nothing to wait for.
    private func setAside(_ notice: AlertNotice, now: Int64) throws {
        if try hasAlert(notice.alert) {
            try postpone(
                notice, until: now + CourierSchedule().longest.wholeMicroseconds, message: nil,
                reason: "The alert is written by a newer version: update this alerts-worker.")
        } else {
            try end(notice, as: .dropped, reason: "The alert is not in the ledger any more.", now: now)
        }
    }
}

extension LedgerSnapshot {
    /// Whether the recipient was to be told of the episode and never was; a try whose answer was lost counts as told.
    fileprivate func isNothingTold(before notice: AlertNotice) throws -> Bool {
        let others = try notices(of: notice.alert, episode: notice.episode).filter {
            $0.occasion != .resolved && $0.isToSame(as: notice)
        }
        return !others.isEmpty && !others.contains(where: \.mayBeThere)
    }

    /// The mail that began the episodes, for those who read mail in threads. None when they began in different ones,
    /// or when one of them begins here: what is new must not hide in an old thread.
    fileprivate func thread(of said: [AlertNotice], besides message: String) throws -> String? {
        var (found, asked) = (Set<String>(), Set<String>())
        for notice in said where asked.insert(notice.alert).inserted {
            let first = try notices(of: notice.alert, episode: notice.episode).first {
                $0.isToSame(as: notice) && $0.mayBeThere
            }
            guard let first = first?.message, first != message else { return nil }
            found.insert(first)
            guard found.count == 1 else { return nil }
        }
        return found.first
    }
}

extension AlertNotice {
    /// Nobody has two mailboxes that differ in capitals alone.
    fileprivate func isToSame(as other: AlertNotice) -> Bool {
        guard channel == other.channel else { return false }
        return channel == .mail ? recipient.lowercased() == other.recipient.lowercased() : recipient == other.recipient
    }

    /// Whether the recipient has it, or may have: it was tried.
    fileprivate var mayBeThere: Bool { state != .refused && message != nil }
}

extension Duration {
    /// Whole microseconds; those of a schedule never overflow.
    var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000
    }
}
