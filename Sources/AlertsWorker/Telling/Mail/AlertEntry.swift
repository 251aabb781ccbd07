internal import Fleet
internal import Models

/// One alert as a mail tells it, in business language and in the order in which a person asks: what happened, to
/// whom, how much is at stake, what to do, with which command, who does. Text and HTML are made from it, so that they
/// say the same.
///
/// All its texts are on one line and inert, but not escaped for HTML.
struct AlertEntry: Hashable, Sendable {
    /// One answer.
    struct Section: Hashable, Sendable {
        enum Body: Hashable, Sendable {
            case prose([String])
            /// Each on a line of its own, never wrapped, so that it can be copied.
            case commands([String])
            /// Addresses that begin with https.
            case links([String])
        }

        var heading: String
        var body: Body
    }

    /// The severity in capitals, or `RESOLVED`.
    var badge: String
    /// Nil once it is resolved.
    var severity: Alert.Severity?
    var code: String
    var sections: [Section]
}

extension AlertEntry {
    init(_ item: AlertLetter.Item, time: LocalTime, now: Timestamp) {
        let alert = item.record.alert
        let isOpen = alert.state == .open
        badge = isOpen ? alert.severity.rawValue.uppercased() : "RESOLVED"
        severity = isOpen ? alert.severity : nil
        code = MailText.inert(alert.code)
        let told = Telling(item: item, time: time, now: now)
        let acting = isOpen ? told.remedy + told.commands : []
        // What the ledger could not keep nobody can acknowledge there.
        let isKept = alert.key != LedgerOutcry.key
        let looking = isKept ? told.attendance + (isOpen ? told.acknowledgement : []) : []
        sections = told.event + told.concerned + told.stake + acting + looking + told.links + told.origin
    }
}

extension Alert {
    /// How many of what: `12 messages`, `6 flows and streams`.
    var extent: String {
        let count = Int(self.count)
        return switch kind {
        case .deadLetter: Count.text(count, "message")
        case .parkedBatch: Count.text(count, "change")
        case .outage where AlertNotice.Channel(awayBy: key) != nil:
            Count.text(count, "way of telling", "ways of telling")
        case .outage: Count.text(count, "flow or stream", "flows and streams")
        case .expectation, .drift, .other: Count.text(count, "object")
        }
    }
}

/// Words an alert, question by question.
private struct Telling {
    let item: AlertLetter.Item
    let time: LocalTime
    let now: Timestamp

    private var alert: Alert { item.record.alert }
    private var isOpen: Bool { alert.state == .open }

    var event: [AlertEntry.Section] {
        [prose("What happened", lead + [MailText.inert(alert.sentence), extent, duration])]
    }

    /// What this mail says beside the alert itself.
    private var lead: [String] {
        switch item.occasion {
        case .raised: []
        case .again: ["Since the last mail it has happened again, or has become another matter."]
        case .escalated:
            ["Nobody has acted on this, \(age) after it began."]
        case .resolved: ["This is over; nothing is left to do."]
        }
    }

    private var age: String { Age.text(microseconds: now.microseconds - alert.raisedAt.microseconds) }

    private var extent: String {
        let count = alert.extent
        return isOpen ? "\(count) concerned." : "At its worst \(count) concerned."
    }

    private var duration: String {
        let beginning = "It began on \(time.text(alert.raisedAt))"
        guard let end = alert.resolvedAt else {
            guard alert.lastAt > alert.raisedAt else { return beginning + "." }
            return "\(beginning), and last happened on \(time.text(alert.lastAt))."
        }
        let age = Age.text(microseconds: end.microseconds - alert.raisedAt.microseconds)
        return "\(beginning), and ended on \(time.text(end)), after \(age)."
    }

    var concerned: [AlertEntry.Section] {
        let accounts = alert.accounts.isEmpty ? [] : ["Accounts: \(list(alert.accounts))"]
        let missing = max(alert.count - Int64(alert.subjects.count), 0)
        let more = missing > 0 ? " and \(Count.grouped(Int(missing))) more" : ""
        let subjects = alert.subjects.isEmpty ? [] : ["Objects: \(list(alert.subjects))\(more)"]
        let lines = accounts + subjects
        return [prose("To whom", lines.isEmpty ? ["No account or object is named."] : lines)]
    }

    var stake: [AlertEntry.Section] {
        let amounts = alert.atStake.map(MailText.money)
        return [prose("How much is at stake", amounts.isEmpty ? ["Not known."] : amounts)]
    }

    var remedy: [AlertEntry.Section] {
        let remedy = MailText.inert(alert.remedy)
        return [prose("What to do", [remedy.isEmpty ? "Find out what is behind it." : remedy])]
    }

    var commands: [AlertEntry.Section] {
        let lines = alert.commands.map(MailText.command)
        guard !lines.isEmpty else { return [] }
        return [.init(heading: lines.count == 1 ? "Command" : "Commands", body: .commands(lines))]
    }

    var attendance: [AlertEntry.Section] {
        let record = item.record
        let heading = isOpen ? "Who looks after it" : "Who looked after it"
        guard let name = record.acknowledgedBy ?? alert.owner else {
            return isOpen ? [prose(heading, ["Nobody yet."])] : []
        }
        let since = record.acknowledgedAt.flatMap { Timestamp(microseconds: $0) }
        let person = MailText.inert(name) + (since.map { ", since \(time.text($0))" } ?? "") + "."
        let note = MailText.inert(record.note ?? "")
        return [prose(heading, note.isEmpty ? [person] : [person, "They say: \(note)"])]
    }

    var acknowledgement: [AlertEntry.Section] {
        guard !item.record.isAttended else { return [] }
        let key = MailText.shellWord(InertText.line(alert.key))
        return [
            .init(
                heading: "To say that you look after it", body: .commands(["stevedore alerts acknowledge \(key)"]))
        ]
    }

    var links: [AlertEntry.Section] {
        let links = alert.links.filter { $0.hasPrefix("https://") }.map(InertText.line)
        return links.isEmpty ? [] : [.init(heading: "To read more", body: .links(links))]
    }

    var origin: [AlertEntry.Section] {
        let rules = item.rules.map { "\"\(MailText.inert($0))\"" }.joined(separator: ", ")
        let which = item.rules.count == 1 ? "The rule \(rules) names" : "The rules \(rules) name"
        return [
            prose("Why you get this", ["\(which) you. The alert is \(MailText.inert(alert.key)), \(codeAndFlow)."])
        ]
    }

    private var codeAndFlow: String {
        let flow = alert.flow.map { " of \(MailText.inert($0))" } ?? ""
        return "code \(MailText.inert(alert.code))\(flow)"
    }

    private func prose(_ heading: String, _ lines: [String]) -> AlertEntry.Section {
        .init(heading: heading, body: .prose(lines))
    }

    private func list(_ keys: [String]) -> String { keys.map(MailText.inert).joined(separator: ", ") }
}
