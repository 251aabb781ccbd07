internal import Fleet
internal import Ledger

/// How a person gets letters of one cause out of the way: what to do, and commands that do just that.
///
/// A replay leaves what breaks its contract, and what says of a revision otherwise than what has arrived.
struct LetterWays {
    private let group: DeadLetterGroup
    private let letters: [DeadLetterRecord]
    /// Quoted for a shell.
    private let cause: String
    /// Longer ids are not worth a line that nobody can type.
    private static let longestID = 200

    /// - Parameter letters: The newest of the cause, as many as are looked at.
    init(_ group: DeadLetterGroup, _ letters: [DeadLetterRecord]) {
        self.group = group
        self.letters = letters
        cause = MailText.shellWord(group.fingerprint)
    }

    /// What to do, in business language.
    var remedy: String {
        let them = group.count == 1 ? "the letter" : "the letters"
        if areContradictions, group.latest.code != DeadLetterRecord.sameRevision {
            return "Another message has brought the same revision with other content: have the producer say what is "
                + "right at a new revision, and discard \(them)."
        }
        if group.latest.isEmptyBody { return "Have the producer send the message again, and discard \(them)." }
        return group.latest.remedy ?? "Mend the cause, then replay \(them)."
    }

    /// Commands, the first one first.
    var commands: [String] { ["dead-letter groups show \(cause)"] + deeds }

    private var deeds: [String] {
        if areContradictions || group.latest.isEmptyBody { return [discard] }
        if group.latest.code.hasPrefix("malformed.") { return [edit, discard].compactMap(\.self) }
        let contradiction = letters.first { $0.isContradiction }
        let rest = contradiction.flatMap { command("discard", $0) }
        return ["dead-letter replay --all --fingerprint \(cause) --reason '…'"] + [rest].compactMap(\.self)
    }

    private var areContradictions: Bool { letters.allSatisfy(\.isContradiction) && group.latest.isContradiction }

    /// Each of several is another message, so that the newest stands for all.
    private var edit: String? { command("edit", group.latest) }

    private var discard: String {
        let one = group.count == 1 ? command("discard", group.latest) : nil
        return one ?? "dead-letter discard --all --fingerprint \(cause) --reason '…'"
    }

    private func command(_ verb: String, _ letter: DeadLetterRecord) -> String? {
        guard letter.id.utf8.count <= Self.longestID else { return nil }
        return "dead-letter \(verb) \(MailText.shellWord(letter.id)) --reason '…'"
    }
}

extension DeadLetterRecord {
    /// Whether it has no body: such a message has no id either, and is named by what it holds.
    fileprivate var isEmptyBody: Bool { id == "body-" + StableHash.fnv1a([UInt8]()) }
}
