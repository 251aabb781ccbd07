internal import Fleet
internal import Ledger
internal import Models

/// What has been found of the persons before anything is erased: what they are called, and which objects are theirs.
struct EraseKnowledge: Sendable {
    private(set) var words: Set<PersonalWord> = []
    /// Their orders and accounts.
    private(set) var objects: Set<EraseObject> = []
    /// The messages that say anything of them, by id.
    private(set) var messages: Set<String> = []
    /// Orders that are on their way to the ERP, or wait for somebody before they go on.
    private(set) var open: Set<String> = []
    /// Those of them that are dead letters.
    private(set) var dead: Set<String> = []
    /// The newest revision of each order that anybody has seen.
    private var newest: [String: Int64] = [:]

    /// Learns from a message of theirs what is said of them in it.
    /// - Parameter id: The id by what came with it.
    mutating func learn(_ message: PersonalMessage, _ texts: [PersonalText], id: String? = nil) {
        for text in texts { learn(text.kind, text.texts) }
        for id in [id, message.id].compactMap({ $0 }) { messages.insert(Self.plain(id)) }
        guard let subject = message.subject else { return }
        objects.insert(EraseObject(type: message.type, subject: subject))
        guard let revision = message.revision, Self.isOrder(message.type) else { return }
        newest[subject] = max(newest[subject] ?? 0, revision)
    }

    mutating func learn(_ kind: PersonalKind, _ texts: [String]) {
        // The lines of a street stand in one column of a table.
        for line in texts.flatMap({ $0.split(separator: "\n") }) {
            if let word = PersonalWord(kind, String(line)) { words.insert(word) }
        }
    }

    mutating func learn(_ object: EraseObject) { objects.insert(object) }

    /// Learns of an object that a name leads to, whose body nobody may have kept. An order of which nothing was ever applied
    /// is then on its way yet.
    mutating func learn(named object: EraseObject) {
        objects.insert(object)
        if object.isOrder { newest[object.subject] = max(newest[object.subject] ?? 1, 1) }
    }

    // MARK: - What is theirs

    func owns(_ object: EraseObject) -> Bool { objects.contains(object) }

    /// Whether a message is about them, or a letter is of such a message.
    func owns(message id: String) -> Bool { messages.contains(Self.plain(id)) }

    /// Letters of one message are numbered behind a `#`.
    private static func plain(_ id: String) -> String { String(id.prefix { $0 != "#" }) }

    static func isOrder(_ type: String?) -> Bool {
        type.flatMap { Catalogue.type(named: $0) }?.family == Catalogue.orderPlaced.family
    }

    /// What to look for beside their own objects, and elsewhere.
    var ownWords: PersonalWords { PersonalWords(Array(words)) }
    var distinctiveWords: PersonalWords { PersonalWords(Array(words.filter(\.isDistinctive))) }
    /// Their e-mail addresses alone.
    var addresses: PersonalWords { PersonalWords(Array(words.filter { $0.kind == .email })) }

    // MARK: - What is open

    /// Looks which orders are not done with: the ERP has not had their newest revision, and nobody has given it up.
    mutating func findOpen(_ snapshot: LedgerSnapshot) throws {
        for (subject, revision) in newest {
            guard try Self.isOpen(subject, revision, snapshot) else { continue }
            open.insert(subject)
            if try Self.isDead(subject, snapshot) { dead.insert(subject) }
        }
    }

    /// Whether it waits for a person, so that no answer comes by itself.
    private static func isDead(_ subject: String, _ snapshot: LedgerSnapshot) throws -> Bool {
        let types = try snapshot.query(
            "SELECT type FROM dead_letter WHERE subject = ? AND state = 'open'", .text(subject)
        ) { $0.optionalText(0) ?? "" }
        return types.contains { $0.isEmpty || isOrder($0) }
    }

    /// Whether somebody has answered it without the ERP: an order that was discarded and told as rejected is not under
    /// way, however long ago its letter was removed.
    private static func isAnswered(_ subject: String, _ revision: Int64, _ snapshot: LedgerSnapshot) throws -> Bool {
        let isThere = try snapshot.first("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'told'") {
            $0.integer(0)
        }
        guard isThere != nil else { return false }
        return try snapshot.answeredRevision(family: Catalogue.orderStatus.family, subject: subject) >= revision
    }

    func isOpen(_ object: EraseObject) -> Bool { object.isOrder && open.contains(object.subject) }

    private static func isOpen(_ subject: String, _ revision: Int64, _ snapshot: LedgerSnapshot) throws -> Bool {
        let state = try snapshot.subjectState(family: Catalogue.orderPlaced.family, subject: subject)
        if let state, state.revision >= revision, !state.isUncertain { return false }
        if state?.isUncertain != true, try isAnswered(subject, revision, snapshot) { return false }
        // Something else of the same number that was given up says nothing of the order.
        let given = try snapshot.query(
            """
            SELECT type FROM dead_letter WHERE subject = ? AND revision >= ? AND state IN ('discarded', 'resolved')
            """, .text(subject), .integer(revision)
        ) { $0.optionalText(0) ?? "" }
        return !given.contains { $0.isEmpty || isOrder($0) }
    }
}
