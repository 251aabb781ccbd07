internal import Fleet
internal import Ledger
internal import Models

/// That somebody looks after an alert now, and who did before.
struct AlertAcknowledgement: Hashable, Sendable {
    var key: String
    var by: String
    var note: String?
    /// Who had said so before; nil when nobody had.
    var before: AlertRecord?
    /// Who is not called any more.
    var spared: [String]

    func text(now: Int64) -> String {
        var text = "\(InertText.line(by)) looks after \(InertText.line(key)).\n"
        if let before, let name = before.acknowledgedBy {
            let age = Age.text(microseconds: now - (before.acknowledgedAt ?? now))
            let note = before.note.map { ": \(InertText.line($0))" } ?? ""
            text += "Before: \(InertText.line(name)), \(age) ago\(note).\n"
        }
        guard !spared.isEmpty else { return text }
        return text + "Not called any more: \(spared.map { InertText.line($0) }.joined(separator: ", ")).\n"
    }

    var json: JSONValue {
        [
            "key": .string(key), "acknowledgedBy": .string(by), "note": .optional(note),
            "before": .optional(before?.acknowledgedBy), "notCalled": .array(spared.map { .string($0) }),
        ]
    }
}

extension LedgerTransaction {
    /// Notes who looks after the alert that is meant, and calls off whoever was to be called because nobody did.
    func acknowledge(_ text: String, by: String, note: String?, now: Int64) throws -> AlertAcknowledgement {
        let record = try alert(meaning: text)
        let key = record.alert.key
        guard try acknowledgeAlert(key: key, by: by, note: note, now: now) else {
            throw ProgramError(
                code: "alerts.over", sentence: "The alert \(InertText.line(key)) is over: \(record.alert.sentence)",
                remedy: "Nothing is left to look after.", exit: .failure)
        }
        let calls = try notices(of: key, episode: record.episode)
            .filter { $0.occasion == .escalated && $0.state == .due }
        for call in calls { try end(call, as: .dropped, reason: NoticePlanner.attended(by: by), now: now) }
        try self.record(
            OperatorAction(
                at: now, by: by, action: "acknowledge", reason: note ?? "looks after it", flow: record.alert.flow,
                letters: 0, detail: key))
        return AlertAcknowledgement(
            key: key, by: by, note: note, before: record.acknowledgedBy == nil ? nil : record,
            spared: calls.map { AlertText.recipient($0) })
    }
}
