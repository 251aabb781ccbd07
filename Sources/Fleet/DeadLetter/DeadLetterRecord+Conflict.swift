package import Ledger

extension DeadLetterRecord {
    /// The code of a message that says otherwise than what has been applied at its revision.
    package static let sameRevision = "conflict.same-revision"

    /// How the note of a letter begins that was a letter before another message has arrived at its revision.
    package static let contradiction = "contradicts what has arrived"

    /// Whether it says of its revision otherwise than what has arrived. No replay brings it through: what is right has
    /// to be said at a new revision, and the letter discarded.
    package var isContradiction: Bool {
        code == Self.sameRevision || note?.hasPrefix(Self.contradiction) == true
    }
}
