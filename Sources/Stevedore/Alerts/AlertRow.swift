internal import Fleet
internal import Ledger
internal import Models

/// One alert as lists show it, with what has been said of its episode.
struct AlertRow: Hashable, Sendable {
    let record: AlertRecord
    let notices: [AlertNotice]

    init(_ record: AlertRecord, _ notices: [AlertNotice]) {
        self.record = record
        self.notices = notices
    }

    init(_ record: AlertRecord, _ snapshot: LedgerSnapshot) throws {
        self.init(record, try snapshot.notices(of: record.alert.key, episode: record.episode))
    }

    /// Who looks after it; nil while nobody does.
    var attendant: String? { record.acknowledgedBy ?? record.alert.owner }

    /// What was refused for good and still has to be said.
    var unsaid: [AlertNotice] { notices.filter { record.isUnsaid($0) } }

    /// Who has been told, or why nobody has been yet.
    /// - Parameter rules: By these a notice that was not tried yet says why it waits.
    func told(now: Int64, rules: [AlertRule] = []) -> String {
        let told = Self.names(notices.filter { $0.state == .sent })
        guard told.isEmpty else { return told }
        if let next = notices.filter({ $0.state == .due }).min(by: { $0.dueAt < $1.dueAt }) {
            return "not yet: \(fate(of: next, now: now, rules: rules))"
        }
        if let last = notices.last(where: { $0.state == .refused }) ?? notices.last {
            return "nobody: \(last.reason ?? AlertText.fate(last, now: now))"
        }
        return "nobody: no rule was for it"
    }

    /// What has become of a notice; of one that was not tried yet also why it waits.
    func fate(of notice: AlertNotice, now: Int64, rules: [AlertRule]) -> String {
        let holdup = notice.holdup(by: rules, record.alert.severity, now: now).map { " (\($0))" } ?? ""
        return AlertText.fate(notice, now: now) + holdup
    }

    /// Each once, the first three by name.
    private static func names(_ notices: [AlertNotice]) -> String {
        var names: [String] = []
        for notice in notices {
            let name = AlertText.recipient(notice)
            if !names.contains(name) { names.append(name) }
        }
        let more = names.count > 3 ? " and \(names.count - 3) more" : ""
        return names.prefix(3).joined(separator: ", ") + more
    }

    var json: JSONValue {
        let alert = record.alert
        return [
            "key": .string(alert.key), "state": .string(alert.state.rawValue), "kind": .string(alert.kind.rawValue),
            "severity": .string(alert.severity.rawValue), "code": .string(alert.code),
            "category": .optional(alert.category), "flow": .optional(alert.flow),
            "sentence": .string(alert.sentence), "remedy": .string(alert.remedy),
            "commands": .array(alert.commands.map { .string($0) }), "count": .integer(alert.count),
            "subjects": .array(alert.subjects.map { .string($0) }),
            "accounts": .array(alert.accounts.map { .string($0) }),
            "atStake": .array(alert.atStake.map(Self.json)), "raisedAt": .string(alert.raisedAt.description),
            "lastAt": .string(alert.lastAt.description), "resolvedAt": .optional(alert.resolvedAt?.description),
            "owner": .optional(alert.owner), "acknowledgedBy": .optional(record.acknowledgedBy),
            "acknowledgedAt": AlertText.json(time: record.acknowledgedAt), "note": .optional(record.note),
            "links": .array(alert.links.map { .string($0) }), "notices": .array(notices.map { AlertText.json($0) }),
        ]
    }

    private static func json(_ stake: AlertStake) -> JSONValue {
        ["amount": .string(stake.amount.description), "currency": .string(stake.currency.code)]
    }
}
