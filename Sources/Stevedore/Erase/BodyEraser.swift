internal import Models

/// Takes the persons out of one body, wherever that lies.
struct BodyEraser: Sendable {
    /// What has become of a body.
    enum Outcome: Hashable, Sendable {
        /// It is about others, or has been erased before.
        case untouched
        /// Their order, by its number, is open.
        case open(String)
        case erased([UInt8])
    }

    /// Stands for a body that nobody can read: what in it is a person's cannot be told from the rest.
    static let unreadable = Array(#"{"erased":true}"#.utf8)

    let order: EraseOrder
    let open: Set<String>
    private let subjects: Set<String>
    private let words: PersonalWords
    private let distinctive: PersonalWords
    private let wordsOfOwn: PersonalWords

    init(_ order: EraseOrder, _ knowledge: EraseKnowledge) {
        self.order = order
        open = order.includesOpen ? [] : knowledge.open
        subjects = knowledge.subjects
        words = knowledge.ownWords
        distinctive = knowledge.distinctiveWords
        // In an order of theirs every address is theirs, also where the contract knows none.
        wordsOfOwn = PersonalWords(Array(knowledge.words), takingAddresses: true)
    }

    /// - Parameter type: The type by the message's properties.
    func erase(_ body: [UInt8], type: String? = nil) -> Outcome {
        guard order.mayConcern(body) || words.erased(from: String(decoding: body, as: UTF8.self)) != nil else {
            return .untouched
        }
        guard let message = PersonalMessage(body, type: type) else {
            return order.names(body) ? .erased(Self.unreadable) : .untouched
        }
        let texts = order.texts(of: message)
        let isOwn = !texts.isEmpty || message.subject.map { subjects.contains($0) } ?? false
        guard isOwn else { return .untouched }
        if let subject = message.subject, open.contains(subject), EraseKnowledge.isOrder(message.type) {
            return .open(subject)
        }
        let erased = message.erasing(texts, quoting: texts.isEmpty ? words : wordsOfOwn)
        return erased.map { .erased($0) } ?? .untouched
    }

    /// A text that came with a body, in a header say; nil when it stays as it is.
    func erase(_ text: String, _ outcome: Outcome) -> String? {
        if case .erased = outcome { words.erased(from: text) } else { distinctive.erased(from: text) }
    }
}
