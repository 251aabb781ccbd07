/// What a JSON number is worth, exactly, however it is written: `1.0`, `1.00` and `10e-1` are worth the same.
struct DecimalValue: Hashable {
    private let isNegative: Bool
    /// Without zeros at either end; none for zero.
    private let digits: [UInt8]
    /// The power of ten by which the digits, as a whole number, are multiplied.
    private let exponent: Int128

    /// Reads a number of JSON; nil when its exponent has more digits than anybody can mean.
    init?(_ text: String) {
        let parts = text.utf8.split(whereSeparator: { $0 | 0x20 == UInt8(ascii: "e") })
        let power = parts.count > 1 ? Int128(String(Substring(parts[1])), radix: 10) : 0
        guard let mantissa = parts.first, let power else { return nil }
        var digits = mantissa.filter { $0 &- UInt8(ascii: "0") < 10 }
        let point = mantissa.firstIndex(of: UInt8(ascii: "."))
        let decimals = point.map { mantissa.distance(from: $0, to: mantissa.endIndex) - 1 } ?? 0
        let length = digits.count
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        let (exponent, overflows) = power.addingReportingOverflow(Int128(length - digits.count - decimals))
        guard !overflows else { return nil }
        let significant = Array(digits.drop { $0 == UInt8(ascii: "0") })
        isNegative = mantissa.first == UInt8(ascii: "-") && !significant.isEmpty
        self.exponent = significant.isEmpty ? 0 : exponent
        self.digits = significant
    }

    /// Whether two numbers of JSON are worth the same; beyond all reason, whether they are written alike.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        guard let first = DecimalValue(left), let second = DecimalValue(right) else { return left == right }
        return first == second
    }
}
