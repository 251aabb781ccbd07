internal import Fleet
internal import Storefront

extension FleetStatus {
    /// For people.
    func text(width: Int?) -> String {
        var text = "\(broker)\n\n" + flowTable.text(width: width)
        if flows.contains(where: { $0.waitingSince != nil }) { text += Self.footnote }
        if flows.contains(where: { $0.retrying > 0 }) { text += Self.retryingFootnote }
        if let ledger {
            let oldest = ledger.oldestOutbox.map { ", the oldest for \(age($0))" } ?? ""
            text += "\noutbox: \(Count.text(ledger.outbox, "message"))\(ledger.outbox > 0 ? oldest : "")\n"
            text += ledger.feed.text(now: now)
            if let webhook = ledger.webhook { text += line(webhook) }
            if !ledger.alerts.isEmpty { text += line(ledger.alerts) }
            if !ledger.causes.isEmpty { text += "\n" + causeTable(ledger.causes).text(width: width) }
        } else {
            text += "\nThere is no ledger at \(ledgerPath) (setting ledger.path), so no outbox and no ages are shown.\n"
        }
        return advice.isEmpty ? text : text + "\n" + advice.map { "→ \($0)\n" }.joined()
    }

    private func line(_ webhook: WebhookBacklog) -> String {
        let oldest = webhook.oldest.map { ", the oldest for \(age($0))" } ?? ""
        let failing = webhook.failing > 0 ? ", \(Count.grouped(webhook.failing)) not taken by the store" : ""
        return "webhook: \(Count.text(webhook.waiting, "object"))\(oldest)\(failing)\n"
    }

    private func line(_ alerts: [AlertCount]) -> String {
        let counts = alerts.map { "\(Count.grouped($0.open)) \($0.severity)" }.joined(separator: ", ")
        let unattended = alerts.reduce(0) { $0 + $1.unattended }
        let rest = unattended > 0 ? ", \(Count.grouped(unattended)) that nobody looks after" : ""
        return "alerts: \(counts)\(rest) (`stevedore alerts`)\n"
    }

    private var flowTable: TextTable {
        var table = TextTable([
            .text("FLOW"), .number("READY"), .number("OLDEST"), .number("RETRYING"), .number("DEAD"),
            .number("WORKERS"),
            .text("OLDEST DEAD LETTER"),
        ])
        for flow in flows {
            table.add([
                flow.flow, flow.ready.map(Count.grouped) ?? "missing", oldest(flow), Count.grouped(flow.retrying),
                Count.grouped(flow.deadLetters), Count.grouped(flow.workers),
                flow.oldestDeadLetter.map { age($0) } ?? "-",
            ])
        }
        // Nothing of a question is tried again or becomes a dead letter.
        for row in questions {
            let (waiting, consumers) = (row.waiting.map(Count.grouped) ?? "missing", Count.grouped(row.consumers))
            table.add([row.queue, waiting, "-", "-", "-", consumers, "-"])
        }
        return table
    }

    /// An upper limit, because the broker does not tell and asking it would count as a delivery.
    private func oldest(_ flow: FlowStatus) -> String {
        if let since = flow.waitingSince { return "≤ " + age(since) }
        return (flow.ready ?? 0) > 0 ? "?" : "-"
    }

    private static let footnote =
        "OLDEST: all that waits came after the message taken last, so it waits no longer than that message is old.\n"

    private static let retryingFootnote =
        "RETRYING: tried again by themselves; `stevedore why` with the number of one says why and when.\n"

    private func causeTable(_ causes: [Cause]) -> TextTable {
        var table = TextTable([.text("DEAD LETTERS OF"), .text("CODE"), .number("COUNT"), .text("OLDEST")])
        for cause in causes { table.add([cause.flow, cause.code, Count.grouped(cause.count), age(cause.oldest)]) }
        return table
    }

    private func age(_ time: Int64) -> String { Age.text(microseconds: now - time) }
}
