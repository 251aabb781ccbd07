internal import Ledger

/// What a name leads to.
struct WhyFound: Sendable {
    /// Each thing once, the likeliest first.
    var things: [WhyThing] = []
    /// What sort of name it is, when it is not the thing's own: `po-number`.
    var kind: String?
    /// The message of that id.
    var message: WhyMessage?
    /// Whether there may be more than were looked for.
    var isCut = false

    var isEmpty: Bool { things.isEmpty && message == nil }

    mutating func add(_ thing: WhyThing?, kind: String? = nil) {
        guard let thing, !things.contains(thing) else { return }
        if things.isEmpty { self.kind = kind }
        things.append(thing)
    }
}
