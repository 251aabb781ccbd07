extension Bool: ContractValue {
    static var blank: Bool { false }

    mutating func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> Bool {
        switch reader.tape.kind(place) {
        case Tape.Kind.yes: self = true
        case Tape.Kind.no: self = false
        default:
            reader.faults.report("type", place, "must be true or false")
            return false
        }
        return true
    }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        ["type": "boolean"]
    }

    func write(to writer: inout JSONWriter) {
        writer.raw(self ? "true" : "false")
    }
}
