/// Envelope and data as they stand on the tape, with all their faults.
struct StructuredMessage<Body: ContractPayload> {
    var envelope = Envelope.blank
    private(set) var data = Body.blank
    private(set) var faults: FaultList

    init(_ tape: Tape) {
        var reader = TapeReader(tape)
        faults = reader.faults
        guard reader.enter(Tape.root) != nil else { return }
        envelope.visit(&reader)
        reader.field("data", &data, "")
        if reader.scope.found < tape.count(Tape.root) { readOthers(&reader) }
        faults = reader.faults
        checkAgreement()
    }

    /// Members that the envelope's declaration does not name: other extensions are kept, encoded data is refused.
    private mutating func readOthers(_ reader: inout TapeReader) {
        let tape = reader.tape
        if tape.member("data_base64", of: Tape.root) != nil {
            reader.faults.report("unsupported", at: .name("data_base64"), says: "is not read: send data as JSON")
        }
        var key = Tape.root + 1
        while key < tape.end(Tape.root), envelope.extensions.count < 32 {
            let kind = tape.kind(key + 1)
            let isScalar = kind != Tape.Kind.object && kind != Tape.Kind.array && kind != Tape.Kind.null
            if isScalar, Envelope.isExtensionName(tape.string(key)) {
                envelope.extensions[String(decoding: tape.string(key), as: UTF8.self)] = tape.excerpt(key + 1)
            }
            key = tape.next(key + 1)
        }
    }

    private mutating func checkAgreement() {
        let (data, envelope) = (data, envelope)
        if envelope.subject != data.number || !envelope.subject.utf8.elementsEqual(data.number.utf8) {
            if faults.isSound(.name("subject")), faults.isSound(.name("data"), .name("number")), hasData {
                faults.report(
                    "matches", at: .name("subject"), value: envelope.subject,
                    says: "must equal data.number, \(data.number)")
            }
        }
        guard envelope.revision != data.revision, faults.isSound(.name("revision")) else { return }
        guard faults.isSound(.name("data"), .name("revision")), hasData else { return }
        faults.report(
            "matches", at: .name("revision"), value: String(envelope.revision),
            says: "must equal data.revision, \(data.revision)")
    }

    /// Whether there is an object at all whose fields could agree with the envelope.
    private var hasData: Bool {
        !faults.faults.contains { $0.pointer == "/data" }
    }
}
