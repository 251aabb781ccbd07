internal import Fleet
internal import Ledger
internal import Models

/// That a person wants said again what a server has refused for good, and who it is.
struct AlertResend: Sendable {
    /// With the rules of now: whom none of them names any more is not written to, and whom one names instead is.
    var planner: NoticePlanner
    var by: String
    var note: String?
    /// In microseconds since 1970.
    var now: Int64

    /// What is due now because of it.
    struct Outcome: Hashable, Sendable {
        /// What had been refused.
        var planned: [AlertNotice] = []
        /// For those who were not told at all, and whom the same rules name now.
        var added: [AlertNotice] = []
        /// What was refused and stays so: no rule names its recipient any more.
        var left: [AlertNotice] = []

        mutating func add(_ other: Outcome) {
            planned += other.planned
            added += other.added
            left += other.left
        }
    }

    /// Whether anybody is still to be told there.
    fileprivate func names(_ notice: AlertNotice) -> Bool {
        let (rules, recipient) = (planner.rules, notice.recipient.lowercased())
        return switch notice.channel {
        case .mail: rules.contains { $0.addresses.contains { $0.lowercased() == recipient } }
        case .webhook: planner.webhook != nil && rules.contains(where: \.webhook)
        }
    }
}

extension AlertResend.Outcome {
    var text: String {
        let due = planned + added
        guard !due.isEmpty || !left.isEmpty else { return "Nothing that was refused has still to be said.\n" }
        return (due.isEmpty ? "Nothing is sent again.\n" : head + table(due)) + rest
    }

    private var head: String {
        let again = Count.text(planned.count, "refused notice is due again", "refused notices are due again")
        let new = Count.text(added.count, "notice is due", "notices are due") + " for whom the rules name now"
        let parts = (planned.isEmpty ? [] : [again]) + (added.isEmpty ? [] : [new])
        return parts.joined(separator: ", and ") + "; the alerts-worker sends what is due.\n"
    }

    private func table(_ notices: [AlertNotice]) -> String {
        var table = TextTable([.text("ALERT"), .text("RECIPIENT"), .text("RULE"), .text("SAYS")])
        for notice in notices {
            table.add([
                notice.alert, AlertText.recipient(notice), notice.rule, AlertText.occasion(notice.occasion),
            ])
        }
        return table.text()
    }

    private var rest: String {
        guard !left.isEmpty else { return "" }
        let names = Set(left.map { InertText.line(AlertText.recipient($0)) }).sorted().joined(separator: ", ")
        return "Not sent again, because no rule names them any more: \(names).\n"
    }

    var json: JSONValue {
        [
            "planned": .integer(Int64(planned.count)), "added": .integer(Int64(added.count)),
            "left": .integer(Int64(left.count)), "notices": .array((planned + added).map(Self.entry)),
            "leftNotices": .array(left.map(Self.entry)),
        ]
    }

    private static func entry(_ notice: AlertNotice) -> JSONValue {
        [
            "alert": .string(notice.alert), "recipient": .string(notice.recipient), "rule": .string(notice.rule),
            "channel": .string(notice.channel.rawValue), "occasion": .string(notice.occasion.rawValue),
        ]
    }
}

extension LedgerTransaction {
    /// Plans anew, for now, what was refused and still has to be said: of the alert that is meant, or of all.
    func resend(_ text: String?, _ order: AlertResend) throws -> AlertResend.Outcome {
        var outcome = AlertResend.Outcome()
        if let text {
            outcome.add(try resend(try alert(meaning: text), order))
        } else {
            // One that only a newer version can read is left to that.
            for record in try refusedAlertKeys().compactMap({ try alert(key: $0) }) {
                outcome.add(try resend(record, order))
            }
        }
        return outcome
    }

    private func resend(_ record: AlertRecord, _ order: AlertResend) throws -> AlertResend.Outcome {
        let notices = try notices(of: record.alert.key, episode: record.episode)
        let refused = notices.filter { record.isUnsaid($0) }
        guard !refused.isEmpty else { return AlertResend.Outcome() }
        var outcome = AlertResend.Outcome(left: refused.filter { !order.names($0) })
        for notice in refused where order.names(notice) {
            guard try resend(notice, at: order.now, reason: order.reason(of: notice)) else { continue }
            outcome.planned.append(notice)
        }
        outcome.added = try addHeirs(of: refused, record, notices, order)
        guard !outcome.planned.isEmpty || !outcome.added.isEmpty else { return outcome }
        try self.record(order.action(on: record, outcome))
        return outcome
    }

    /// An address that was mended in the rules is another one, and nobody there has heard of the alert.
    private func addHeirs(
        of refused: [AlertNotice], _ record: AlertRecord, _ notices: [AlertNotice], _ order: AlertResend
    ) throws -> [AlertNotice] {
        guard record.alert.state == .open else { return [] }
        let rules = Set(refused.map(\.rule))
        let plan = order.planner.plan(for: record.alert, after: record, notices: notices, now: order.now)
        let heirs = plan.added.filter { $0.occasion == .raised && rules.contains($0.rule) }.map { notice in
            var notice = notice
            notice.dueAt = order.now
            return notice
        }
        for notice in heirs { try add(notice) }
        return heirs
    }
}

extension AlertResend {
    /// What the notice says until it is sent.
    fileprivate func reason(of notice: AlertNotice) -> String {
        let before = AlertText.fate(notice, now: now)
        return String("\(by) sends it again; before: \(before)".prefix(1_000))
    }

    /// For the record of what people did; recipients are in the alert, and not there.
    fileprivate func action(on record: AlertRecord, _ outcome: Outcome) -> OperatorAction {
        let rules = Set((outcome.planned + outcome.added).map(\.rule)).sorted().joined(separator: ", ")
        let count = Count.text(outcome.planned.count + outcome.added.count, "notice")
        return OperatorAction(
            at: now, by: by, action: "resend", reason: note ?? "sends again what was refused",
            flow: record.alert.flow, letters: 0, detail: "\(record.alert.key): \(count) by \(rules)")
    }
}
