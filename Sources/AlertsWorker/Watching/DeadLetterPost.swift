internal import Fleet
internal import Ledger
internal import Models

/// Dead letters, one finding for each cause. Only causes of which something has changed are looked at, so that a million
/// letters that nobody touches cost nothing.
struct DeadLetterPost: Sendable {
    static let prefix = "dead-letter/"

    /// Letters whose orders are added up; of more the rest is not counted into what is at stake.
    private static let mostOrders = 1_000

    /// A cause of which something has changed, and what holds of it now.
    struct Change: Sendable {
        var fingerprint: String
        /// Counts its changes, to see whether there was another one meanwhile.
        var changes: Int64
        var standing: Standing
    }

    /// Where a cause stands.
    enum Standing: Sendable {
        case open(Finding)
        /// All are on their way again: what comes of it is not known yet.
        case replayed
        case ended(String)
        /// Somebody wants to hear nothing of it for now.
        case silenced
    }

    /// Causes that have changed, in the order of their names from behind `last`, at most so many.
    func changes(_ snapshot: LedgerSnapshot, after last: String, limit: Int, now: Int64) throws -> [Change] {
        try snapshot.changedCauses(after: last, limit: limit).map { cause in
            Change(
                fingerprint: cause.fingerprint, changes: cause.changes,
                standing: try standing(of: cause.fingerprint, snapshot, now))
        }
    }

    private func standing(of fingerprint: String, _ snapshot: LedgerSnapshot, _ now: Int64) throws -> Standing {
        let note = try snapshot.groupNotes(of: [fingerprint])[fingerprint]
        if note?.isSilenced(at: now) == true { return .silenced }
        let filter = DeadLetterFilter(state: .open, fingerprint: fingerprint)
        guard let group = try snapshot.deadLetterGroups(filter, limit: 1).first else {
            let replayed = try snapshot.deadLetterCount(DeadLetterFilter(state: .replayed, fingerprint: fingerprint))
            return replayed > 0 ? .replayed : .ended(try ending(of: fingerprint, snapshot))
        }
        return .open(try finding(group, owner: note?.assignee, snapshot))
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
        let what = Self.objects(letter.type, group.count)
        return Finding(
            key: Self.prefix + group.fingerprint, kind: .deadLetter, severity: Self.severity(letter),
            code: letter.code, category: letter.category, flow: letter.flow,
            sentence: "\(what) could not be handled and \(group.count == 1 ? "waits" : "wait") for a person: "
                + letter.sentence,
            remedy: letter.remedy ?? "Mend the cause, then replay the \(group.count == 1 ? "letter" : "letters").",
            commands: [
                "dead-letter groups show \(group.fingerprint)",
                "dead-letter replay --all --fingerprint \(group.fingerprint) --reason '…'",
            ],
            count: Int64(group.count), subjects: Self.subjects(of: letters), accounts: orders.accounts,
            atStake: orders.stakes, since: group.firstFailedAt, last: group.lastFailedAt, owner: owner)
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

    /// `12 orders`, `1 shipment`: what the letters are about.
    private static func objects(_ type: String?, _ count: Int) -> String {
        let noun =
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
        return Count.text(count, noun, noun == "order status" ? "order statuses" : nil)
    }
}
