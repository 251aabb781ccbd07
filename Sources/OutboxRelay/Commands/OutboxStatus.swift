internal import Fleet
internal import Models

/// How the store's outbox stands.
struct OutboxStatus: Sendable {
    var counts: OutboxCounts
    var refused: [RefusedOutboxRow]
    /// Who relays now; nil when nobody does.
    var relay: String?
    var now: Timestamp

    var text: String {
        var lines = [waiting, "\(Count.text(counts.sent, "row")) kept that \(counts.sent == 1 ? "is" : "are") sent."]
        lines.append(relay.map { "Relayed by \(InertText.line($0))." } ?? "No outbox-relay is running.")
        guard counts.refused > 0 else { return lines.joined(separator: "\n") + "\n" }
        lines.append(
            "\(Count.text(counts.refused, "row")) refused; correct what the text says, then `outbox-relay retry ID`:")
        var table = TextTable([
            .number("ID"), .text("TYPE"), .text("SUBJECT"), .number("REVISION"), .text("CODE"), .text("TEXT"),
        ])
        for row in refused { table.add([String(row.id), row.type, row.subject, row.revision, row.code, row.text]) }
        lines += table.lines()
        let more = counts.refused - refused.count
        if more > 0 { lines.append("and \(Count.grouped(more)) more (--limit)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var waiting: String {
        guard counts.waiting > 0 else { return "Nothing waits." }
        let age = counts.oldest.flatMap { OutboxRow.time(of: $0) }.map { now.microseconds - $0.microseconds }
        let since = age.map { ", the oldest for \(Age.text(microseconds: $0))" } ?? ""
        return "\(Count.text(counts.waiting, "row waits", "rows wait"))\(since)."
    }

    var json: JSONValue {
        [
            "waiting": .integer(Int64(counts.waiting)), "oldest": .optional(counts.oldest),
            "sent": .integer(Int64(counts.sent)), "refused": .integer(Int64(counts.refused)),
            "relay": .optional(relay), "refusedRows": .array(refused.map(\.json)),
        ]
    }
}

extension RefusedOutboxRow {
    fileprivate var json: JSONValue {
        [
            "id": .integer(id), "type": .string(type), "subject": .string(subject), "revision": .string(revision),
            "at": .string(at), "code": .string(code), "text": .string(text),
        ]
    }
}
