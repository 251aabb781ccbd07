internal import Fleet
internal import Ledger
internal import Models

/// Dead letters, one finding for each cause. Only causes of which something has changed are looked at, so that a million
/// letters that nobody touches cost nothing.
struct DeadLetterPost: Sendable {
    static let prefix = "dead-letter/"

    /// Letters whose orders are added up; of more the rest is not counted into what is at stake, as the sentence says.
    private static let mostOrders = 1_000

    /// The alert's key. A fingerprint may be a header that some other program has written.
    static func key(of fingerprint: String) -> String { Finding.name(prefix, fingerprint) }

    /// A cause of which something has changed, and what holds of it now.
    struct Change: Sendable {
        var fingerprint: String
        /// The number of its last change, to see whether somebody else has looked at it meanwhile.
        var changes: Int64
        var standing: Standing
    }

    /// Where a cause stands.
    enum Standing: Sendable {
        case open(Finding)
        /// All are on their way again, sent by this person: what comes of it is not known yet.
        case replayed(by: String?)
        case ended(String)
        /// Somebody wants to hear nothing of it for now, and nothing is to be said.
        case silenced
        /// The same of one that was told already: nobody else need be called, and all is looked at again afterwards.
        case muted(Finding)
        /// Something was said of it a moment ago.
        case tooSoon
    }

    /// Causes that have changed, in the order of their names from behind `last`, at most so many.
    /// - Parameter isFresh: Whether what was said at that time is so new that nothing may follow yet. Then nothing is
    ///   counted and added up either: of a million letters that costs a tenth of a second.
    func changes(
        _ snapshot: LedgerSnapshot, after last: String, limit: Int, now: Int64, isFresh: (Int64) -> Bool
    ) throws -> [Change] {
        try snapshot.changedCauses(after: last, limit: limit).map { cause in
            let said = try snapshot.saidAlert(key: Self.key(of: cause.fingerprint))
            let open = said?.alert.state == .open ? said : nil
            let isTooSoon = open.map { isFresh($0.at) } ?? false
            return Change(
                fingerprint: cause.fingerprint, changes: cause.changes,
                standing: try isTooSoon ? .tooSoon : standing(of: cause.fingerprint, open?.alert, snapshot, now))
        }
    }

    /// - Parameter open: What was said of it last, while that holds.
    private func standing(
        of fingerprint: String, _ open: Alert?, _ snapshot: LedgerSnapshot, _ now: Int64
    ) throws -> Standing {
        let note = try snapshot.groupNotes(of: [fingerprint])[fingerprint]
        let isSilenced = note?.isSilenced(at: now) == true
        if isSilenced, open == nil { return .silenced }
        let filter = DeadLetterFilter(state: .open, fingerprint: fingerprint)
        if try snapshot.deadLetters(filter, limit: 1).isEmpty { return try standing(of: fingerprint, snapshot) }
        // Whoever silences a cause has taken it upon themselves.
        let owner = note?.assignee ?? (isSilenced ? note?.changedBy : nil)
        if isSilenced, open?.owner == owner.flatMap(Finding.person) { return .silenced }
        guard let group = try snapshot.deadLetterGroups(filter, limit: 1).first else {
            return try standing(of: fingerprint, snapshot)
        }
        let found = try finding(group, owner: owner, snapshot)
        return isSilenced ? .muted(found) : .open(found)
    }

    /// Of a cause without open letters.
    private func standing(of fingerprint: String, _ snapshot: LedgerSnapshot) throws -> Standing {
        let replayed = try snapshot.deadLetters(
            DeadLetterFilter(state: .replayed, fingerprint: fingerprint), limit: 1)
        guard let letter = replayed.first else { return .ended(try ending(of: fingerprint, snapshot)) }
        return .replayed(by: Self.sender(of: letter))
    }

    /// The note begins with who has sent it: `anna: created the product`.
    private static func sender(of letter: DeadLetterRecord) -> String? {
        guard let parts = letter.note?.split(separator: ": ", maxSplits: 1), parts.count == 2 else { return nil }
        return String(parts[0])
    }

    private func ending(of fingerprint: String, _ snapshot: LedgerSnapshot) throws -> String {
        let arrived = try snapshot.deadLetterCount(DeadLetterFilter(state: .resolved, fingerprint: fingerprint))
        let discarded = try snapshot.deadLetterCount(DeadLetterFilter(state: .discarded, fingerprint: fingerprint))
        let parts = [
            arrived > 0 ? "\(Count.text(arrived, "message has", "messages have")) arrived or been overtaken" : nil,
            discarded > 0 ? "\(Count.text(discarded, "was", "were")) discarded" : nil,
        ].compactMap(\.self)
        return "No message waits for a person because of this any more"
            + (parts.isEmpty ? "." : ": " + parts.joined(separator: ", ") + ".")
    }

    private func finding(
        _ group: DeadLetterGroup, owner: String?, _ snapshot: LedgerSnapshot
    ) throws -> Finding {
        let letter = group.latest
        let letters = try snapshot.deadLetters(
            DeadLetterFilter(state: .open, fingerprint: group.fingerprint), limit: Self.mostOrders)
        let orders = OrderTally(letters, snapshot)
        let what = Self.objects(letter, group.count)
        let isWhole = group.count <= Self.mostOrders && orders.isWhole
        let ways = LetterWays(group, letters)
        return Finding(
            key: Self.key(of: group.fingerprint), kind: .deadLetter, severity: Self.severity(letter),
            code: letter.code, category: letter.category, flow: letter.flow,
            sentence: "\(what)\(Self.standing[group.count == 1 ? 0 : 1]) \(Self.reasons(letter, letters))"
                + (isWhole || orders.stakes.isEmpty ? "" : " At stake is at least what could be added up."),
            remedy: ways.remedy, commands: ways.commands,
            count: Int64(group.count), subjects: Self.subjects(of: letters), accounts: orders.accounts,
            atStake: orders.stakes, since: group.firstFailedAt, last: group.lastFailedAt, owner: owner)
    }

    /// What every sentence here says, of one and of several: a mail's subject does without it.
    static let standing = [" waits for a person:", " wait for a person:"]
    /// Sentences that are told in full.
    private static let mostReasons = 3

    /// What the letters say, the newest first: those of one cause differ in numbers and names, and whoever mends it has
    /// to know each, the second unknown product as well as the first.
    private static func reasons(_ latest: DeadLetterRecord, _ letters: [DeadLetterRecord]) -> String {
        var (reasons, seen): ([String], Set<String>) = ([], [])
        for reason in [latest.sentence] + letters.map(\.sentence) where seen.insert(reason).inserted {
            reasons.append(reason)
        }
        let more = reasons.count - mostReasons
        let rest = more > 0 ? " (and \(Count.text(more, "more reason")))" : ""
        return reasons.prefix(mostReasons).joined(separator: " ") + rest
    }

    private static func subjects(of letters: [DeadLetterRecord]) -> [String] {
        var (subjects, seen): ([String], Set<String>) = ([], [])
        for subject in letters.lazy.compactMap(\.subject) where subjects.count < Alert.mostSubjects {
            if !subject.isEmpty, seen.insert(subject).inserted { subjects.append(subject) }
        }
        return subjects
    }

    private static func severity(_ letter: DeadLetterRecord) -> Alert.Severity {
        if FleetTopology.isObserver(letter.flow) { return .warning }
        return letter.category == Failure.Category.poison.rawValue ? .critical : .error
    }

    /// `12 orders`, `Order W-1001`: what the letters are about.
    private static func objects(_ latest: DeadLetterRecord, _ count: Int) -> String {
        let noun = noun(latest.type)
        if count == 1, let subject = latest.subject, (1...40).contains(subject.count) {
            return "\(noun.prefix(1).uppercased())\(noun.dropFirst()) \(subject)"
        }
        return Count.text(count, noun, noun == "order status" ? "order statuses" : nil)
    }

    private static func noun(_ type: String?) -> String {
        switch type.flatMap({ Catalogue.type(named: $0) })?.family {
        case "order": "order"
        case "order.status": "order status"
        case "order.offline": "offline order"
        case "product": "product"
        case "stock": "stock change"
        case "shipment": "shipment"
        case "customer": "account"
        case "contract-prices": "price change"
        case "alert": "alert"
        default: "message"
        }
    }
}
