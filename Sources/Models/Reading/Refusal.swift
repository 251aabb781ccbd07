/// Turns what is wrong with a message into the error that says so, with as much as is known of the message.
struct Refusal {
    let message: IncomingMessage
    /// The attributes are in the headers, and the body is the data alone.
    private(set) var isBinary = false
    /// The document, once it is one with an object at its root.
    private var tape: Tape?

    init(_ message: IncomingMessage) {
        self.message = message
    }

    /// The error, with the names that the message gives itself: in its body (`found` are those of a broken one), else in its
    /// headers, else in its properties.
    func error(
        _ reason: ContractError.Reason, _ sentence: String, _ faults: [Fault] = [], found: [String: String] = [:]
    ) -> ContractError {
        let name = { (name: StaticString) in text(name) ?? found[name.description] ?? attribute(name.description) }
        return ContractError(
            reason: reason, sentence: sentence, faults: faults, id: name("id") ?? message.messageID,
            subject: name("subject"), type: name("type") ?? message.type)
    }

    private func text(_ name: StaticString) -> String? {
        guard let tape, let place = tape.member(name, of: Tape.root), tape.kind(place) == Tape.Kind.string else {
            return nil
        }
        let bytes = tape.string(place)
        return Self.nameLengths.contains(bytes.count) ? String(decoding: bytes, as: UTF8.self) : nil
    }

    /// How long a name may be that is passed on from a message that cannot be read.
    static let nameLengths = 1...255

    /// Learns from headers and content type in which mode the message is.
    mutating func learnMode() throws(ContractError) {
        isBinary = try isBinaryMode()
    }

    /// Learns the envelope; an error when the document has no object to be one.
    mutating func know(_ tape: Tape) throws(ContractError) {
        guard tape.kind(Tape.root) == Tape.Kind.object else {
            throw error(.envelope, "The body is \(tape.excerpt(Tape.root)), not a CloudEvents object.")
        }
        self.tape = tape
    }

    func duplicateKey(_ place: Int, _ tape: Tape) -> ContractError {
        let name = tape.excerpt(place)
        let fault = Fault(
            pointer: tape.pointer(to: place), rule: "duplicate", value: name, sentence: "\(name) is there twice")
        return error(.json, "The body has the key \(fault.pointer) twice.", [fault])
    }

    func checkSpecVersion(_ tape: Tape) throws(ContractError) {
        guard let place = tape.member("specversion", of: Tape.root), tape.kind(place) == Tape.Kind.string,
            !tape.string(place).equals(SpecVersion.current)
        else { return }
        let version = tape.excerpt(place)
        let fault = Fault(
            pointer: "/specversion", rule: "const", value: version, sentence: "specversion must be \"1.0\"")
        throw error(.unsupportedSpecVersion, "The message is CloudEvents \(fault.value), not 1.0.", [fault])
    }

    /// The type that the envelope names.
    func type(_ tape: Tape, at place: Int?) throws(ContractError) -> MessageType {
        guard let place, tape.kind(place) == Tape.Kind.string, !tape.string(place).isEmpty else {
            var (envelope, data) = (Envelope.blank, NoData())
            throw faults(envelope.read(tape, with: &data), nil)
        }
        let name = String(decoding: tape.string(place), as: UTF8.self)
        if let type = Catalogue.type(named: name) { return type }
        let fault = Fault(pointer: "/type", rule: "type", value: name, sentence: "type is not one that is known here")
        guard let known = Catalogue.olderVersion(of: name) else {
            throw error(.unsupportedType, "Messages of type \(fault.value) are not known here.", [fault])
        }
        throw error(.unsupportedVersion, "\(fault.value) is newer than \(known.name), the newest known here.", [fault])
    }

    /// The error for a message with faults in its fields; without a type, only the envelope could be judged.
    func faults(_ list: FaultList, _ type: MessageType?) -> ContractError {
        let faults = list.faults
        let isEnvelope = faults.contains { !$0.pointer.utf8.starts(with: "/data/".utf8) }
        let first = faults.first.map { ": \($0.pointer.isEmpty ? "" : $0.pointer + ": ")\($0.sentence)" } ?? ""
        let count = faults.count == 1 ? "One fault" : "\(list.hasMore ? "More than " : "")\(faults.count) faults"
        let contract = type.map(\.name) ?? "CloudEvents"
        return error(isEnvelope ? .envelope : .field, "\(count) against the contract of \(contract)\(first).", faults)
    }
}
