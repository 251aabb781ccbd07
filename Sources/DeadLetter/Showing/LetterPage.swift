internal import Fleet
internal import Ledger
internal import Models

/// Everything about one dead letter.
struct LetterPage {
    let id: String
    let letter: Letter?
    let record: DeadLetterRecord?
    /// Its body as the ledger keeps it, when no queue has it any more, or none ever took it.
    let kept: StoredPayload?
    let journal: [JournalEntry]

    func text(isColoured: Bool, isWhole: Bool) -> String {
        var text = summary.text()
        if let advice { text += "\n→ \(InertText.line(advice))\n" }
        if let letter {
            text +=
                "\n" + faultText + headers(letter) + "\n"
                + Self.text(letter.body, letter.faults, isColoured, isWhole)
        } else {
            text += "\nIt is not in its queue.\n"
            if let kept { text += "\n" + faultText + Self.text(kept.body, faults, isColoured, isWhole) }
        }
        return text + "\n" + timeline
    }

    /// What helps; what the worker has advised is no help where only discarding does.
    private var advice: String? {
        let body = letter?.body ?? kept?.body
        let isOpen = record.map { $0.state == .open } ?? (letter?.source != .unrouted)
        if isOpen, record?.isContradiction == true {
            return "Have the producer say what is right at a new revision, then give this letter up: "
                + "`dead-letter discard \(id) --reason …`."
        }
        if isOpen, body?.isEmpty == true, letter?.source != .unrouted {
            return "It is empty, so there is nothing to correct: have the producer send it again, then give this "
                + "letter up: `dead-letter discard \(id) --reason …`."
        }
        guard let remedy = letter?.remedy, !remedy.isEmpty else { return nil }
        return remedy
    }

    private var summary: TextTable {
        var table = TextTable([.text("DEAD LETTER"), .text(InertText.line(id))])
        let row = record.map { LetterRow($0) } ?? letter.map { LetterRow($0) }
        guard let row else { return table }
        table.add(["flow", row.flow])
        table.add(["type", row.type])
        table.add(["subject", row.subject.isEmpty ? "-" : row.subject])
        table.add(["revision", row.revision.map { String($0) } ?? "-"])
        table.add(["code", "\(row.code) (\(row.category))"])
        table.add(["why", row.sentence])
        table.add(["tries", String(row.attempts)])
        table.add(["failed first", Self.time(row.firstFailedAt)])
        table.add(["failed last", Self.time(row.lastFailedAt)])
        if let successor = record?.editedAs { table.add(["edited as", successor]) }
        if let original = record?.editedFrom { table.add(["corrects", original]) }
        table.add(["state", row.state + (row.note.map { ": \($0)" } ?? "")])
        return table
    }

    /// Those of a body that only the ledger has are found by reading it again.
    var faults: [LetterFault] {
        if let letter { return letter.faults }
        guard let kept, let record, record.code.hasPrefix("malformed.") else { return [] }
        do throws(ContractError) {
            _ = try MessageReader().read(kept.body, IncomingMessage(kept.transport))
            return []
        } catch {
            return LetterFault.list(error)
        }
    }

    private var faultText: String {
        guard !faults.isEmpty else { return "" }
        var table = TextTable([.text("FAULT AT"), .text("RULE"), .text("WHAT IS WRONG")])
        for fault in faults { table.add([fault.pointer, fault.rule, fault.sentence]) }
        return table.text() + "\n"
    }

    private func headers(_ letter: Letter) -> String {
        var table = TextTable([.text("HEADER"), .text("VALUE")])
        // The faults have a table of their own.
        for (name, value) in letter.headerTexts where name != MessageHeader.faults {
            table.add([name, InertText.cut(value, to: 200)])
        }
        return table.text()
    }

    private static func text(
        _ body: [UInt8], _ faults: [LetterFault], _ isColoured: Bool, _ isWhole: Bool
    ) -> String {
        let head = "BODY (\(Count.text(body.count, "byte")))\n"
        let limit = 200
        guard let lines = BodyPrinter.lines(body) else {
            let shown = String(decoding: isWhole ? body[...] : body.prefix(4_096), as: UTF8.self)
            let cut = !isWhole && body.count > 4_096 ? "… (--whole shows all)\n" : ""
            return head + "(not JSON)\n"
                + shown.split(separator: "\n", omittingEmptySubsequences: false)
                .map { InertText.line(String($0)) + "\n" }.joined() + cut
        }
        let shown = isWhole ? lines : Array(lines.prefix(limit))
        let rest = lines.count - shown.count
        return head + AnnotatedBody(shown, faults).text(isColoured: isColoured)
            + (rest > 0 ? "… \(Count.text(rest, "more line")) (--whole shows all)\n" : "")
    }

    private var timeline: String {
        guard !journal.isEmpty else { return "The journal has nothing about it.\n" }
        var table = TextTable([
            .text("WHEN"), .text("STEP"), .text("CODE"), .number("TRY"), .text("BY"), .text("DETAIL"),
        ])
        for entry in journal {
            table.add([
                Self.time(entry.at), entry.stage, entry.code, String(entry.attempt), entry.worker ?? "",
                entry.detail ?? "",
            ])
        }
        return table.text()
    }

    static func time(_ microseconds: Int64) -> String {
        microseconds > 0 ? Timestamp(microseconds: microseconds)?.description ?? "-" : "-"
    }
}
