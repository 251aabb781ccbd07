/// What is asked of a whole number.
struct IntegerRule: Sendable {
    let minimum: Int64

    /// Counts from 1.
    static var revision: IntegerRule { IntegerRule(minimum: 1) }
}

extension Int64: ContractValue {
    static var blank: Int64 { 0 }

    mutating func read(_ place: Int, _ rule: IntegerRule, from reader: inout TapeReader) -> Bool {
        switch reader.tape.kind(place) {
        case Tape.Kind.signed:
            self = Int64(bitPattern: reader.tape.number(place))
            if self >= rule.minimum { return true }
            reader.faults.report("range", place, "must not be below \(rule.minimum)")
        case Tape.Kind.unsigned: reader.faults.report("range", place, "must not be above \(Int64.max)")
        default: reader.faults.report("type", place, "must be a whole number, without point, exponent or quotes")
        }
        return false
    }

    static func schema(_ rule: IntegerRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        .object([("type", "integer"), ("minimum", .integer(Int(rule.minimum))), ("maximum", .integer(Int.max))])
    }

    func write(to writer: inout JSONWriter) {
        writer.raw(String(self))
    }
}
