internal import Ledger
internal import Models

/// What has been found of the persons before anything is erased: what they are called, and which objects are theirs.
struct EraseKnowledge: Sendable {
    private(set) var words: Set<PersonalWord> = []
    /// Their orders and accounts, by business key.
    private(set) var subjects: Set<String> = []
    /// Orders that are on their way to the ERP, or wait for somebody before they go on.
    private(set) var open: Set<String> = []
    /// The newest revision of each order that anybody has seen.
    private var newest: [String: Int64] = [:]

    /// Learns from a message of theirs what is said of them in it.
    mutating func learn(_ message: PersonalMessage, _ texts: [PersonalText]) {
        for text in texts { learn(text.kind, text.texts) }
        guard let subject = message.subject else { return }
        subjects.insert(subject)
        guard let revision = message.revision, Self.isOrder(message.type) else { return }
        newest[subject] = max(newest[subject] ?? 0, revision)
    }

    mutating func learn(_ kind: PersonalKind, _ texts: [String]) {
        // The lines of a street stand in one column of a table.
        for line in texts.flatMap({ $0.split(separator: "\n") }) {
            if let word = PersonalWord(kind, String(line)) { words.insert(word) }
        }
    }

    mutating func learn(subject: String) { subjects.insert(subject) }

    /// Looks which orders are not done with: the ERP has not had their newest revision, and nobody has given it up.
    mutating func findOpen(_ snapshot: LedgerSnapshot) throws {
        for (subject, revision) in newest {
            if try Self.isOpen(subject, revision, snapshot) { open.insert(subject) }
        }
    }

    private static func isOpen(_ subject: String, _ revision: Int64, _ snapshot: LedgerSnapshot) throws -> Bool {
        let state = try snapshot.subjectState(family: Catalogue.orderPlaced.family, subject: subject)
        if let state, state.revision >= revision, !state.isUncertain { return false }
        let given = try snapshot.query(
            """
            SELECT 1 FROM dead_letter WHERE subject = ? AND revision >= ? AND state IN ('discarded', 'resolved') LIMIT 1
            """, .text(subject), .integer(revision)
        ) { $0.integer(0) }
        return given.isEmpty
    }

    static func isOrder(_ type: String?) -> Bool {
        type.flatMap { Catalogue.type(named: $0) }?.family == Catalogue.orderPlaced.family
    }

    /// What to look for beside their own objects, and elsewhere.
    var ownWords: PersonalWords { PersonalWords(Array(words)) }
    var distinctiveWords: PersonalWords { PersonalWords(Array(words.filter(\.isDistinctive))) }
}
