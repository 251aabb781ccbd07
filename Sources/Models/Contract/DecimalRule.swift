/// What is asked of a decimal.
struct DecimalRule: Sendable {
    let minimum: ExactDecimal
    let isMinimumExcluded: Bool
    let maximum: ExactDecimal?
    let decimals: Int
    let summary: String

    private init(
        decimals: Int, isMinimumExcluded: Bool = false, maximum: ExactDecimal? = nil, summary: String
    ) {
        minimum = .zero
        self.isMinimumExcluded = isMinimumExcluded
        self.maximum = maximum
        self.decimals = decimals
        self.summary = summary
    }

    /// Money, zero or more. How many decimals there may be depends on the currency, and is checked with it.
    static let amount = DecimalRule(
        decimals: 4, summary: "An amount: no more decimals than the currency's minor unit has.")
    static let unitPrice = DecimalRule(decimals: 6, summary: "A price per unit: up to six decimals.")
    static let quantity = DecimalRule(
        decimals: 6, isMinimumExcluded: true, maximum: ExactDecimal(1_000_000_000),
        summary: "Above zero, at most 1000000000, up to six decimals.")
    static let openQuantity = DecimalRule(
        decimals: 6, maximum: ExactDecimal(1_000_000_000), summary: "Zero to 1000000000, up to six decimals.")

    func fault(_ value: ExactDecimal) -> (rule: String, predicate: String)? {
        if value.scale > decimals { return ("scale", "must have at most \(decimals) decimals") }
        if isMinimumExcluded && value <= minimum { return ("range", "must be above \(minimum)") }
        if value < minimum { return ("range", "must not be below \(minimum)") }
        guard let maximum, value > maximum else { return nil }
        return ("range", "must not be above \(maximum)")
    }

    /// What a pattern can say: the form, no sign, the decimals, no zero where zero is excluded, no more digits than fit.
    var pattern: String {
        let integer = maximum == nil ? "[1-9][0-9]{0,17}" : "[1-9][0-9]{0,8}|10{9}(?!\\.0*[1-9])"
        let notZero = isMinimumExcluded ? "(?![0.]+$)" : ""
        return "^\(notZero)(0|\(integer))(\\.[0-9]{1,\(decimals)})?$"
    }
}

extension ExactDecimal: ContractValue {
    static var blank: ExactDecimal { .zero }

    mutating func read(_ place: Int, _ rule: DecimalRule, from reader: inout TapeReader) -> Bool {
        guard reader.tape.kind(place) == Tape.Kind.string else {
            reader.faults.report("type", place, "must be a decimal written as a string, for example \"12.50\"")
            return false
        }
        guard let value = ExactDecimal(utf8: reader.tape.string(place)) else {
            reader.faults.report(
                "decimal", place, "must be a decimal such as \"12.50\", of at most 18 digits, 9 of them decimals")
            return false
        }
        self = value
        guard let fault = rule.fault(value) else { return true }
        reader.faults.report(fault.rule, place, fault.predicate)
        return false
    }

    static func schema(_ rule: DecimalRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        // Eighteen digits and a point.
        .object([
            ("type", "string"), ("maxLength", 19), ("pattern", .string(rule.pattern)),
            ("description", .string(rule.summary)),
        ])
    }

    func write(to writer: inout JSONWriter) {
        writer.string(description)
    }
}
