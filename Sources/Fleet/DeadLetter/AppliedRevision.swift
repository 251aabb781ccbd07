internal import Ledger
internal import Models

/// A revision of an object that has arrived, and so what it leaves dead letters of the object to say.
///
/// An older letter is overtaken. One of the same revision is over when it says the same, or was corrected into what has
/// arrived. One that says otherwise is a change that nobody has made: a person has to solve that.
struct AppliedRevision {
    let types: [String]
    let subject: String
    let revision: Int64
    /// Nil where nobody knows what it said any more, and nobody wants it.
    let hash: ContentDigest?
    /// The message that has brought it; nil where only the ledger tells of it.
    let message: String?
    /// Whether it had been applied before this message came.
    let isRepeated: Bool

    /// What this message says has been applied, now or before.
    init(_ message: Received, isRepeated: Bool = false) {
        types = message.type.familyTypes
        subject = message.envelope.subject
        revision = message.envelope.revision
        hash = message.claimKey.hash
        self.message = message.envelope.id
        self.isRepeated = isRepeated
    }

    /// What has been applied of the object of this message, which came too late.
    init(_ state: SubjectState, overtaking message: Received) {
        types = message.type.familyTypes
        subject = message.envelope.subject
        revision = state.revision
        hash = state.hash
        self.message = nil
        isRepeated = true
    }

    /// Ids of the letters that were corrected into this message, in one step or in several.
    func originals(among letters: [DeadLetterRecord]) -> Set<String> {
        guard let message else { return [] }
        let originals = Dictionary(
            letters.compactMap { letter in letter.editedAs.map { ($0, letter.id) } }
        ) { first, _ in first }
        var (found, last): (Set<String>, String) = ([], message)
        while let original = originals[last], found.insert(original).inserted { last = original }
        return found
    }

    /// A worker has compared it with just this, so that its body need not be read each time the same arrives again.
    func isKnownToDiffer(_ letter: DeadLetterRecord) -> Bool {
        isRepeated && letter.code == DeadLetterRecord.sameRevision && letter.id != message
    }

    /// Whether a letter of this revision, whose content nobody can read, is this message. What is on its way comes back
    /// by itself if it is another one.
    func isProbably(_ letter: DeadLetterRecord) -> Bool {
        letter.id == message || (letter.state == .replayed && letter.editedAs == nil)
    }
}
