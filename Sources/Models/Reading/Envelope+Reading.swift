extension Envelope {
    /// Fills the envelope and its data from the document's root object; returns the faults of both.
    mutating func read<Body: ContractPayload>(_ tape: Tape, with data: inout Body) -> FaultList {
        var reader = TapeReader(tape)
        guard reader.enter(Tape.root) != nil else { return reader.faults }
        visit(&reader)
        reader.field("data", &data, "")
        if reader.scope.found < tape.count(Tape.root) { readOthers(&reader) }
        if !subject.utf8.elementsEqual(data.subject.utf8) { reportSubject(data, &reader.faults) }
        if revision != data.revision { reportRevision(data.revision, &reader.faults) }
        return reader.faults
    }

    /// Members that the declaration does not name: other extensions are kept, encoded data is refused.
    private mutating func readOthers(_ reader: inout TapeReader) {
        let tape = reader.tape
        if let place = tape.member("data_base64", of: Tape.root), tape.kind(place) != Tape.Kind.null {
            reader.faults.report("unsupported", place, "is not read: send data as JSON")
        }
        var key = Tape.root + 1
        while key < tape.end(Tape.root), extensions.count < 32 {
            let kind = tape.kind(key + 1)
            let isScalar = kind != Tape.Kind.object && kind != Tape.Kind.array && kind != Tape.Kind.null
            if isScalar, Self.isExtensionName(tape.string(key)) {
                extensions[String(decoding: tape.string(key), as: UTF8.self)] = tape.excerpt(key + 1)
            }
            key = tape.next(key + 1)
        }
    }

    private func reportSubject<Body: ContractPayload>(_ data: Body, _ faults: inout FaultList) {
        guard Body.subjectFields.allSatisfy({ Self.canAgree(&faults, "subject", $0) }) else { return }
        faults.report(
            "matches", at: .name("subject"), value: subject,
            says: "must equal \(Body.subjectForm), \(data.subject)")
    }

    private func reportRevision(_ dataRevision: Int64, _ faults: inout FaultList) {
        guard Self.canAgree(&faults, "revision", "revision") else { return }
        faults.report(
            "matches", at: .name("revision"), value: String(revision), says: "must equal data.revision, \(dataRevision)"
        )
    }

    /// Whether both sides were read well enough to be compared.
    private static func canAgree(_ faults: inout FaultList, _ name: StaticString, _ field: StaticString) -> Bool {
        faults.isSound(.name(name)) && faults.isSound(.name("data"), .name(field))
            && !faults.faults.contains { $0.pointer == "/data" }
    }
}
