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
    private let knowledge: EraseKnowledge
    private let words: PersonalWords
    private let distinctive: PersonalWords
    private let wordsOfOwn: PersonalWords

    init(_ order: EraseOrder, _ knowledge: EraseKnowledge) {
        (self.order, self.knowledge) = (order, knowledge)
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
        if message.type == Catalogue.alertRaised.name { return outcome(ofAlert: message) }
        let texts = order.texts(of: message)
        let object = message.subject.map { EraseObject(type: message.type, subject: $0) }
        guard !texts.isEmpty || object.map({ knowledge.owns($0) }) ?? false else { return .untouched }
        if let object, !order.includesOpen, EraseKnowledge.isOrder(message.type), knowledge.isOpen(object) {
            return .open(object.subject)
        }
        let erased = message.erasing(texts, quoting: texts.isEmpty ? words : wordsOfOwn)
        return erased.map { .erased($0) } ?? .untouched
    }

    /// A text that came with a body, in a header say; nil when it stays as it is.
    func erase(_ text: String, _ outcome: Outcome, as reading: EraseProse.Reading) -> String? {
        guard reading != .machine else { return nil }
        guard case .erased = outcome else { return distinctive.erased(from: text) }
        return words.erased(from: text, isSentence: reading == .sentence || text.contains(" "))
    }

    // MARK: - Alerts

    /// An alert quotes a letter's sentence. Its subject is the cause, so whose it is follows from what it names.
    private func outcome(ofAlert message: PersonalMessage) -> Outcome {
        let quoted = isTheirs(alert: message.body) ? words : distinctive
        return message.erasing([], quoting: quoted).map { .erased($0) } ?? .untouched
    }

    /// Whether an order or account of theirs is among those that an alert is about.
    private func isTheirs(alert body: [UInt8]) -> Bool {
        guard let alert = (try? MessageReader().read(body))?.payload as? Alert else { return false }
        if alert.accounts.contains(where: { knowledge.owns(EraseObject(account: $0)) }) { return true }
        let families = Set(Catalogue.types.filter { $0.queues.contains(alert.flow ?? "") }.map(\.family))
        return alert.subjects.contains { subject in
            families.contains { knowledge.owns(EraseObject(family: $0, subject: subject)) }
        }
    }
}
