internal import Fleet
internal import Ledger
internal import Models

/// Who has been told of what stops a thing, and who is to be.
struct WhyTold: Hashable, Sendable {
    struct Person: Hashable, Sendable {
        var name: String
        /// In microseconds since 1970: when it was sent, or is due.
        var at: Int64
        /// Why it has not been sent.
        var reason: String?
    }

    /// What the alert says, and of which objects: the group of a letter pools what differs in numbers and names.
    struct Subject: Hashable, Sendable {
        var sentence: String
        /// Some of them.
        var subjects: [String]
        var count: Int64
    }

    var key: String
    var about: Subject?
    /// Who looks after it.
    var owner: String?
    var told: [Person] = []
    var due: [Person] = []

    private static let few = 3

    /// For people: `anna@merchant.example at 2026-03-01T10:00:00Z (alert dead-letter/1f0c)`.
    var text: String { text(before: .min, "") }

    /// The same for one letter of the alert's group: who was told before it failed has not heard of it, nor has who was
    /// told of others alone.
    func text(of letter: DeadLetterRecord) -> String {
        guard let about, !about.names(letter) else { return text(before: letter.firstFailedAt, "") }
        return text(before: letter.firstFailedAt, ", not of this one but of \(about.text)")
    }

    private func text(before failure: Int64, _ others: String) -> String {
        var parts: [String] = []
        if let owner { parts.append("\(owner) looks after it") }
        if !told.isEmpty {
            parts.append(
                Self.list(told) { person in
                    "\(person.name) at \(WhyTime.text(person.at))"
                        + (others.isEmpty && person.at < failure ? ", of its group, before this one failed" : "")
                } + others)
        }
        if !due.isEmpty {
            parts.append(
                Self.list(due) { person in
                    "\(person.name) is to be told at \(WhyTime.text(person.at))"
                        + (person.reason.map { ", not yet because \($0)" } ?? "")
                })
        }
        if parts.isEmpty { parts.append("nobody: no rule of `alerts.rules` names anybody") }
        return parts.joined(separator: "; ") + " (alert \(key))."
    }

    private static func list(_ people: [Person], _ text: (Person) -> String) -> String {
        let more = people.count > few ? " and \(people.count - few) more" : ""
        return people.prefix(few).map(text).joined(separator: ", ") + more
    }
}

extension WhyTold.Subject {
    /// Whether the letter is among the objects, or says what the alert says.
    fileprivate func names(_ letter: DeadLetterRecord) -> Bool {
        subjects.contains(letter.subject ?? "") || sentence.contains(letter.sentence)
    }

    fileprivate var text: String {
        let some = subjects.prefix(3).joined(separator: ", ")
        let more = count - Int64(min(3, subjects.count))
        let rest = more > 0 ? " and \(Count.text(Int(more), "other")) of its group" : ""
        return (some.isEmpty ? "others of its group" : some + rest) + " (\(WhyFacts.bare(sentence)))"
    }
}

extension LedgerSnapshot {
    /// Who knows of an alert; nil when there is none open.
    func whyTold(alert key: String) throws -> WhyTold? {
        guard let record = try alert(key: key), record.alert.state == .open else { return nil }
        var told = WhyTold(key: key, owner: record.acknowledgedBy ?? record.alert.owner)
        told.about = WhyTold.Subject(
            sentence: record.alert.sentence, subjects: record.alert.subjects, count: record.alert.count)
        let notices = try query(
            """
            SELECT recipient, state, coalesce(ended_at, due_at), reason, occasion FROM alert_notice
            WHERE alert = ? AND episode = ? AND state IN ('sent', 'due') ORDER BY number
            """, .text(key), .integer(record.episode)
        ) { row in
            (
                person: WhyTold.Person(name: row.text(0), at: row.integer(2), reason: row.optionalText(3)),
                isSent: row.text(1) == AlertNotice.State.sent.rawValue, occasion: row.text(4)
            )
        }
        told.told = notices.filter(\.isSent).map(\.person)
        // A second mail or an escalation is nothing that anybody waits for.
        let first = AlertNotice.Occasion.raised.rawValue
        told.due = notices.filter { !$0.isSent && $0.occasion == first }.map(\.person)
        return told
    }

    /// What is expected of these objects and has not happened.
    func whyExpectations(of legs: [WhyLeg]) throws -> [ExpectationRow] {
        try Set(legs.map(\.subject)).sorted().flatMap { subject in
            try expectations(of: subject).filter { row in
                (row.state == .waiting || row.state == .missed) && legs.contains { $0.family == row.key.family }
                    && !legs.contains { $0.hasEnded(row) }
            }
        }
    }
}

extension WhyLeg {
    /// Whether no alarm comes of it: a dead letter has an alert of its own, and what was discarded is waited for no
    /// more as soon as the watch looks again. A letter is stamped before the step that opened the row.
    fileprivate func hasEnded(_ row: ExpectationRow) -> Bool {
        guard row.key.family == family, family == Expectation.orderFamily else { return false }
        return letters.contains { letter in
            guard letter.revision == row.key.mark else { return false }
            return switch letter.state {
            case .open: row.state == .waiting
            case .discarded: letter.lastFailedAt >= row.since - 60_000_000
            case .replayed, .resolved: false
            }
        }
    }
}
