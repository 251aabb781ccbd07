internal import Fleet

extension OutageReport {
    /// For people at a terminal.
    func text(width: Int?) -> String {
        var parts = [headline + "\n", summary.text()]
        if let backlog { parts.append(Self.table(backlog).text(width: width)) }
        parts.append(lines.map { $0 + "\n" }.joined())
        return parts.joined(separator: "\n")
    }

    private var summary: TextTable {
        var table = TextTable([.text("OUTAGE"), .text("\(outage.number), of \(InertText.line(outage.destination))")])
        table.add(["state", standing.text])
        table.add(["began", moment(outage.beganAt)])
        if let endedAt = outage.endedAt { table.add(["ended", moment(endedAt)]) }
        if let drainedAt = outage.drainedAt { table.add(["worked off", moment(drainedAt)]) }
        table.add(["why", "\(outage.reason) (\(outage.code))"])
        if outage.endedAt == nil, !outage.remedy.isEmpty { table.add(["what to do", outage.remedy]) }
        if let window { table.add(["planned", WindowText.line(window)]) }
        table.add(["probes", probing ?? Count.grouped(Int(outage.probes))])
        if let closedBy = outage.closedBy { table.add(["closed by", closedBy]) }
        return table
    }

    private func moment(_ time: Int64) -> String {
        "\(Self.time(time)) (\(Age.text(microseconds: now &- time)) ago)"
    }

    private static func table(_ backlog: [FlowBacklog]) -> TextTable {
        var table = TextTable([
            .text("FLOW"), .number("READY"), .number("IN HAND"), .number("RETRYING"), .number("DEAD"),
            .number("WORKERS"),
        ])
        for flow in backlog {
            table.add([
                flow.flow, flow.ready.map(Count.grouped) ?? "missing", Count.grouped(flow.inHand),
                Count.grouped(flow.retrying), Count.grouped(flow.deadLetters), flow.workersText,
            ])
        }
        return table
    }

    /// What waits, when it is worked off, and after the end what came of it.
    var lines: [String] {
        var lines: [String] = []
        if let brokerTrouble {
            lines.append("The broker cannot be asked what waits in its queues: \(InertText.line(brokerTrouble))")
        }
        if let posts {
            let since = posts.oldest.map { ", the oldest for \(Age.text(microseconds: now &- $0))" } ?? ""
            lines.append("\(Count.text(posts.waiting, "\(posts.noun) waits", "\(posts.noun)s wait"))\(since).")
        }
        return lines + stakes + [drainSentence] + results
    }
}
