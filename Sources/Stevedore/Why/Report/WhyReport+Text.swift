internal import Fleet
internal import Ledger

extension WhyReport {
    /// For people: the verdict, what comes next, what to do; then the evidence.
    func text(width: Int?) -> String {
        let verdict = verdict
        var text = readAs.map { "\(InertText.line(question.typed)) is read as \(InertText.line($0)).\n" } ?? ""
        text += InertText.line(verdict.sentence) + "\n\n"
        text += "next: \(InertText.line(verdict.next))\n"
        if let told = verdict.told { text += "told: \(InertText.line(told))\n" }
        if let remedy = verdict.remedy { text += "→ \(InertText.line(remedy))\n" }
        if answers.count + more > 1 { return text + "\n" + list(width: width) }
        guard let facts = answers.first else { return text + steps(width: width) }
        text += "\n" + facts.sides.map { "\($0.side): \(InertText.line($0.says))\n" }.joined()
        let events = facts.timeline()
        guard !events.isEmpty else { return text + "\nThere is no other evidence.\n" }
        if facts.isTimelineCut { text += "\nThe newest \(events.count) pieces of evidence:\n" }
        return text + "\n" + Self.table(events, now: now).text(width: width)
    }

    private func list(width: Int?) -> String {
        var table = TextTable([.text("OBJECT"), .text("VERDICT")])
        for facts in answers { table.add([facts.thing.name, facts.verdict.sentence]) }
        let rest = more > 0 ? "\(isCut ? "At least " : "")\(Count.grouped(more)) more: --all shows them.\n" : ""
        return table.text(width: width) + rest
    }

    /// A message of which no object is known has steps of its own.
    private func steps(width: Int?) -> String {
        guard let message, !message.steps.isEmpty else { return "" }
        let events = message.steps.map { step in
            let detail = step.detail.map { ": \($0)" } ?? ""
            return WhyEvent(at: step.at, what: "\(step.stage) (\(step.code))\(detail)", source: "journal")
        }
        return "\n" + Self.table(events, now: now).text(width: width)
    }

    private static func table(_ events: [WhyEvent], now: Int64) -> TextTable {
        var table = TextTable([.text("WHEN"), .number("AGO"), .text("FROM"), .text("WHAT")])
        for event in events {
            table.add([WhyTime.text(event.at), Age.text(microseconds: now - event.at), event.source, event.what])
        }
        return table
    }
}
