/// What is asked of a whole number.
struct IntegerRule: Sendable {
    let minimum: Int64
    let maximum: Int64

    /// Counts from 1.
    static var revision: IntegerRule { IntegerRule(minimum: 1, maximum: .max) }
    /// The revision of what is never restated.
    static var once: IntegerRule { IntegerRule(minimum: 1, maximum: 1) }
    /// How many there are.
    static var count: IntegerRule { IntegerRule(minimum: 0, maximum: .max) }
    /// A time in days, at most a hundred years.
    static var days: IntegerRule { IntegerRule(minimum: 0, maximum: 36_500) }

    fileprivate func predicate(_ value: Int64) -> String? {
        if value < minimum { return "must not be below \(minimum)" }
        return value > maximum ? "must not be above \(maximum)" : nil
    }
}

extension Int64: ContractValue {
    static var blank: Int64 { 0 }

    mutating func read(_ place: Int, _ rule: IntegerRule, from reader: inout TapeReader) -> Bool {
        switch reader.tape.kind(place) {
        case Tape.Kind.signed:
            self = Int64(bitPattern: reader.tape.number(place))
            guard let predicate = rule.predicate(self) else { return true }
            reader.faults.report("range", place, predicate)
        case Tape.Kind.unsigned: reader.faults.report("range", place, "must not be above \(rule.maximum)")
        default: reader.faults.report("type", place, "must be a whole number, without point, exponent or quotes")
        }
        return false
    }

    static func schema(_ rule: IntegerRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        .object([
            ("type", "integer"), ("minimum", .integer(Int(rule.minimum))), ("maximum", .integer(Int(rule.maximum))),
        ])
    }

    func write(to writer: inout JSONWriter) {
        writer.raw(String(self))
    }
}
