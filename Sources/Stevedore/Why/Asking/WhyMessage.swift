internal import Ledger

/// One message, for who asks by its id.
struct WhyMessage: Hashable, Sendable {
    var id: String
    /// What could be read of it; nil otherwise.
    var type: String?
    var subject: String?
    var revision: Int64?
    /// Its steps, the oldest first.
    var steps: [JournalEntry] = []
    var letter: DeadLetterRecord?
    /// When its body was kept.
    var keptAt: Int64?
}

extension LedgerSnapshot {
    /// The message of that id; nil when none was seen. Looks into each chunk of the journal's index.
    func whyMessage(_ id: String) throws -> WhyMessage? {
        let letter = try rows(.letterByID, .text(id)) { DeadLetterRecord(why: $0) }.first
        let keptAt = try rows(.payload, .text(id)) { $0.integer(0) }.first
        let steps = try journalEntries(messageID: id)
        guard letter != nil || keptAt != nil || !steps.isEmpty else { return nil }
        // What could not be read is written down as nothing, or as zero.
        let types = [letter?.type ?? ""] + steps.reversed().map { $0.type ?? "" }
        let subjects = [letter?.subject ?? ""] + steps.reversed().map { $0.subject ?? "" }
        let revisions = [letter?.revision ?? 0] + steps.reversed().map { $0.revision ?? 0 }
        return WhyMessage(
            id: id, type: types.first { !$0.isEmpty }, subject: subjects.first { !$0.isEmpty },
            revision: revisions.first { $0 > 0 }, steps: steps, letter: letter, keptAt: keptAt)
    }

    /// The things of which the journal has steps under this name: for what was never applied. Steps of the feed have
    /// its stream instead of a type.
    func whyJournalled(_ name: String) throws -> [WhyThing] {
        var found = WhyFound()
        for step in try journalEntries(subject: name, limit: 20) {
            guard let type = step.type else { continue }
            found.add(WhyThing(type: type, subject: name) ?? WhyThing(stream: type, key: name))
        }
        return found.things
    }
}

extension DeadLetterRecord {
    /// A row of ``WhySQL/letters``.
    init(why row: borrowing SQLRow) {
        self.init(
            id: row.text(0), queue: row.text(1), flow: row.text(2), type: row.optionalText(3),
            subject: row.optionalText(4), revision: row.optionalInteger(5), code: row.text(6), category: row.text(7),
            sentence: row.text(8), fingerprint: row.text(9), attempts: Int(row.integer(10)),
            firstFailedAt: row.integer(11), lastFailedAt: row.integer(12),
            state: DeadLetterState(rawValue: row.text(13)) ?? .open, note: row.optionalText(14))
        editedAs = row.optionalText(15)
    }
}
