/// What is asked of a decimal.
enum DecimalRule: Sendable {
    /// Money. How many decimals there may be depends on the currency, and is checked with it.
    case amount
    /// Money that may be below zero too: what an account owes that has paid ahead.
    case signedAmount
    case unitPrice
    case quantity
    /// A quantity that may be zero.
    case openQuantity
    /// A quantity that may be below zero too: what was booked out before it was booked in.
    case signedQuantity

    fileprivate var decimals: Int { self == .amount || self == .signedAmount ? 4 : 6 }

    private var isSigned: Bool { self == .signedQuantity || self == .signedAmount }

    private var isQuantity: Bool { self == .quantity || self == .openQuantity || self == .signedQuantity }

    private static let largestQuantity = 1_000_000_000

    func fault(_ value: ExactDecimal) -> (rule: String, predicate: String)? {
        if value.scale > decimals { return ("scale", "must have at most \(decimals) decimals") }
        if value.isNegative { return negativeFault(value) }
        guard isQuantity else { return nil }
        if self == .quantity && value.isZero { return ("range", "must be above 0") }
        let limit = Int64(Self.largestQuantity) * ExactDecimal.powerOfTen(value.scale)
        return value.units > limit ? ("range", "must not be above \(Self.largestQuantity)") : nil
    }

    private func negativeFault(_ value: ExactDecimal) -> (rule: String, predicate: String)? {
        guard isSigned else { return ("range", "must not be below 0") }
        guard isQuantity else { return nil }
        let limit = Int64(Self.largestQuantity) * ExactDecimal.powerOfTen(value.scale)
        return value.units < -limit ? ("range", "must not be below -\(Self.largestQuantity)") : nil
    }

    private var summary: String {
        switch self {
        case .amount: "An amount: no more decimals than the currency's minor unit has."
        case .signedAmount: "An amount, or below zero: no more decimals than the currency's minor unit has."
        case .unitPrice: "A price per unit: up to six decimals."
        case .quantity: "Above zero, at most 1000000000, up to six decimals."
        case .openQuantity: "Zero to 1000000000, up to six decimals."
        case .signedQuantity: "-1000000000 to 1000000000, up to six decimals."
        }
    }

    /// What a pattern can say: the form, no sign, the decimals, no zero where zero is excluded, no more digits than fit.
    fileprivate var pattern: String {
        let integer = isQuantity ? "[1-9][0-9]{0,8}|10{9}(?!\\.0*[1-9])" : "[1-9][0-9]{0,17}"
        let notZero = self == .quantity ? "(?![0.]+$)" : isSigned ? "(?!-[0.]+$)" : ""
        let sign = isSigned ? "-?" : ""
        // With a sign there is room for one digit more than fits.
        let length = isSigned ? "(?![0-9.]{20})" : ""
        return "^\(length)\(notZero)\(sign)(0|\(integer))(\\.[0-9]{1,\(decimals)})?$"
    }

    fileprivate var schema: JSONTree {
        // Eighteen digits and a point, and perhaps a sign.
        [
            "type": "string", "maxLength": isSigned ? 20 : 19, "pattern": .string(pattern),
            "description": .string(summary),
        ]
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
        rule.schema
    }

    /// Zeros at the end say nothing.
    mutating func mend(_ rule: DecimalRule) {
        guard scale > rule.decimals, significantScale <= rule.decimals else { return }
        self = rounded(to: rule.decimals) ?? self
    }

    func write(to writer: inout JSONWriter) {
        writer.string(description)
    }
}
