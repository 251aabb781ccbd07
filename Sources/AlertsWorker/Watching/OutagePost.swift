internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// What cannot be reached, and work waits for, for longer than a moment.
struct OutagePost: Watchpost {
    let prefix = "outage/"
    /// How long something must be away before anybody has to know.
    let patience: Duration

    func findings(_ snapshot: LedgerSnapshot, now: Int64) throws -> [Finding] {
        var absences = try pauses(snapshot, now) + waits(snapshot, now)
        if let pause = try WebhookBacklog(snapshot, now: now)?.pause {
            absences.append(
                Absence(
                    of: "store", since: pause.since, reason: pause.reason, remedy: "See that the store takes posts.",
                    who: "posts to the store"))
        }
        if let absence = try stuckOutbox(snapshot) { absences.append(absence) }
        let limit = now.addingReportingOverflow(-Int64(patience / .microseconds(1))).partialValue
        return Dictionary(grouping: absences, by: \.of).sorted { $0.key < $1.key }.compactMap { place, absences in
            let since = absences.map(\.since).min() ?? now
            return since <= limit ? finding(place, absences.sorted { $0.since < $1.since }, since, now) : nil
        }
    }

    func ending(of alert: Alert, now: Int64) -> String {
        let span = Age.text(microseconds: now - alert.raisedAt.microseconds)
        return
            "\(Self.name(String(alert.key.dropFirst(prefix.count)))) works again after \(span); what waited is being "
            + "worked off."
    }

    // MARK: - What is away

    /// Something that cannot be reached, as one flow or stream sees it.
    private struct Absence {
        var of: String
        var since: Int64
        var reason: String
        var remedy: String
        var who: String
    }

    private func pauses(_ snapshot: LedgerSnapshot, _ now: Int64) throws -> [Absence] {
        try FlowPause.all(snapshot, now: now).map { pause in
            Absence(
                of: String(pause.code.prefix { $0 != "." }), since: pause.since, reason: pause.reason,
                remedy: pause.remedy, who: pause.queue)
        }
    }

    private func waits(_ snapshot: LedgerSnapshot, _ now: Int64) throws -> [Absence] {
        try FeedWait.all(snapshot, now: now).map { wait in
            Absence(
                of: wait.reason.hasPrefix("The broker") ? "broker" : "erp", since: wait.since, reason: wait.reason,
                remedy: wait.remedy, who: "feed of \(wait.stream)")
        }
    }

    /// Messages that the broker does not take; whether it is away or refuses them, it says itself.
    private func stuckOutbox(_ snapshot: LedgerSnapshot) throws -> Absence? {
        try snapshot.oldestOutbox().map { oldest in
            Absence(
                of: "broker", since: oldest,
                reason: "Messages that the broker has to take wait to be sent, \(try snapshot.outboxCount()) now.",
                remedy:
                    "See `stevedore status` and `stevedore topology check`: the broker is away, or a queue is full or "
                    + "missing.", who: "outbox")
        }
    }

    private func finding(_ place: String, _ absences: [Absence], _ since: Int64, _ now: Int64) -> Finding {
        let who = absences.reduce(into: [String]()) { if !$0.contains($1.who) { $0.append($1.who) } }
        let shown = who.prefix(5).joined(separator: ", ") + (who.count > 5 ? " and \(who.count - 5) more" : "")
        return Finding(
            key: prefix + place, kind: .outage, severity: .critical, code: "outage.\(place)",
            sentence: "\(Self.name(place)) cannot be reached, and work waits for it: \(absences[0].reason) Waiting: "
                + shown + ". Nothing is lost meanwhile.",
            remedy: absences[0].remedy, commands: ["stevedore status"], count: Int64(who.count), since: since,
            last: since)
    }

    private static func name(_ place: String) -> String {
        switch place {
        case "erp": "The ERP"
        case "store": "The store"
        case "broker": "The broker"
        case "ledger": "The ledger"
        default: place
        }
    }
}
