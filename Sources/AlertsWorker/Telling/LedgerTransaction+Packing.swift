internal import Fleet
internal import Ledger
internal import Models

/// What becomes of a notice when its letter is made.
private enum NoticeFate {
    case said
    /// It need not be sent any more, and why.
    case needless(String)
    /// It is to be seen whether it has to be sent.
    case open
}

extension LedgerTransaction {
    /// Makes a letter of what is due: looks at each alert anew, drops what need not be said any more, and writes the
    /// id of the letter to its rows before anybody tries it. `address` is where the channel sends everything; nil where
    /// each letter goes to its recipient.
    /// - Returns: nil when nothing is left to be said.
    func pack(
        _ parcel: DueParcel, as newMessage: String, to address: String? = nil, now: Int64
    ) throws -> AlertLetter? {
        let message = parcel.message ?? newMessage
        var said: [(notice: AlertNotice, record: AlertRecord)] = []
        for found in try notices(of: parcel) {
            guard let notice = try addressed(found, to: address, now: now),
                let record = try stillSaid(notice, now: now)
            else { continue }
            try begin(notice, as: message)
            var kept = notice
            (kept.message, kept.copies) = (message, notice.copies + 1)
            said.append((kept, record))
        }
        guard let first = said.first?.notice else { return nil }
        return AlertLetter(
            message: message, channel: parcel.channel, recipient: first.recipient, notices: said.map(\.notice),
            items: AlertLetter.Item.gathered(said), thread: try thread(of: said.map(\.notice), besides: message))
    }

    /// What was written down for another address goes to the one of now, unless the same is said there already.
    private func addressed(_ notice: AlertNotice, to address: String?, now: Int64) throws -> AlertNotice? {
        guard let address, address != notice.recipient else { return notice }
        var moved = notice
        moved.recipient = address
        let isThere = try notices(of: notice.alert, episode: notice.episode).contains {
            $0.occasion == notice.occasion && $0.isFor(moved) && (notice.occasion != .again || $0.state == .due)
        }
        if isThere {
            try end(notice, as: .dropped, reason: "The same is said to the new address.", now: now)
            return nil
        }
        try readdress(notice, to: address)
        return moved
    }

    /// The alert that a notice speaks of; nil when the notice is dropped, or is not to be sent now.
    private func stillSaid(_ notice: AlertNotice, now: Int64) throws -> AlertRecord? {
        guard let record = try alert(key: notice.alert) else {
            try setAside(notice, now: now)
            return nil
        }
        switch try fate(of: notice, record, now: now) {
        case .said: return record
        case .needless(let reason): try end(notice, as: .dropped, reason: reason, now: now)
        case .open: try delay(notice, until: now + CourierSchedule().first.wholeMicroseconds)
        }
        return nil
    }

    private func fate(of notice: AlertNotice, _ record: AlertRecord, now: Int64) throws -> NoticeFate {
        guard record.episode == notice.episode else { return try fate(ofEarlier: notice, record) }
        if notice.occasion == .resolved {
            guard record.alert.state == .resolved else { return .needless("The alert holds again.") }
            // That its own channel was away could not be said over it before.
            return try isNothingTold(before: notice) && !notice.isOfOwnWay
                ? .needless("The alert ended before anything was said of it.") : .said
        }
        guard record.alert.state == .open else { return .needless("The alert ended before this was sent.") }
        if try isSilenced(record.alert, now: now) { return .open }
        guard notice.occasion == .escalated, record.isAttended else { return .said }
        let name = record.acknowledgedBy ?? record.alert.owner
        return .needless("\(name ?? "Somebody") looks after the alert.")
    }

    /// Of an alert that has begun anew, only the end may still have to be said: to whoever was told of the beginning.
    /// Those who are told of the newer episode hear of its end instead.
    private func fate(ofEarlier notice: AlertNotice, _ record: AlertRecord) throws -> NoticeFate {
        let anew = NoticeFate.needless("The alert has begun anew since.")
        guard notice.occasion == .resolved, try !isNothingTold(before: notice) else { return anew }
        let isToldMore = try notices(of: notice.alert).contains {
            $0.episode > notice.episode && $0.isFor(notice)
                && ($0.mayHaveArrived || $0.occasion == .resolved && $0.state == .due)
        }
        guard !isToldMore else { return anew }
        return record.alert.state == .resolved ? .said : .open
    }

    /// Whether somebody wants to hear nothing of the cause now. What was planned before waits until they do.
    private func isSilenced(_ alert: Alert, now: Int64) throws -> Bool {
        guard alert.kind == .deadLetter, alert.key.hasPrefix(DeadLetterPost.prefix) else { return false }
        let fingerprint = String(alert.key.dropFirst(DeadLetterPost.prefix.count))
        return try groupNotes(of: [fingerprint])[fingerprint]?.isSilenced(at: now) ?? false
    }

    /// What a newer version has written waits for that version; what has no alert at all is nothing to wait for.
    private func setAside(_ notice: AlertNotice, now: Int64) throws {
        if try hasAlert(notice.alert) {
            try postpone(
                notice, until: now + CourierSchedule().longest.wholeMicroseconds,
                reason: "The alert is written by a newer version: update this alerts-worker.")
        } else {
            try end(notice, as: .dropped, reason: "The alert is not in the ledger any more.", now: now)
        }
    }
}

extension LedgerSnapshot {
    /// Whether the recipient was to be told of the alert and never was, or has heard of the end since; a try whose
    /// answer was lost counts as told.
    fileprivate func isNothingTold(before notice: AlertNotice) throws -> Bool {
        let others = try notices(of: notice.alert).filter {
            $0.episode <= notice.episode && $0.number != notice.number && $0.isFor(notice)
        }
        let last = others.last(where: \.mayHaveArrived)
        return !others.isEmpty && last?.occasion ?? .resolved == .resolved
    }

    /// The mail that began the episodes, for those who read mail in threads. None when they began in different ones,
    /// or when one of them begins here: what is new must not hide in an old thread.
    fileprivate func thread(of said: [AlertNotice], besides message: String) throws -> String? {
        var (found, asked) = (Set<String>(), Set<String>())
        for notice in said where asked.insert(notice.alert).inserted {
            let first = try notices(of: notice.alert, episode: notice.episode).first {
                $0.isFor(notice) && $0.mayHaveArrived
            }
            guard let first = first?.message, first != message else { return nil }
            found.insert(first)
            guard found.count == 1 else { return nil }
        }
        return found.first
    }
}

extension Duration {
    /// Whole microseconds; those of a schedule never overflow.
    var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000
    }
}
