extension ExactDecimal: CustomStringConvertible {
    /// Reads `-?(0|[1-9][0-9]*)(\.[0-9]+)?` and nothing around it: no blanks, no plus, no exponent, no comma.
    /// A negative zero, more than eighteen digits or more than nine decimals are refused.
    public init?(_ text: some StringProtocol) {
        var text = String(text)
        guard let value = text.withUTF8({ Self(utf8: $0) }) else { return nil }
        self = value
    }

    init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        let isNegative = bytes.first == UInt8(ascii: "-")
        var index = isNegative ? 1 : 0
        let start = index
        var digits: Int64 = 0
        var scale = -1
        // One sign, eighteen digits and a point: anything longer is refused before it is read.
        guard bytes.count <= 20 else { return nil }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "."), scale < 0, index > start {
                scale = 0
            } else {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                guard index != start + 1 || scale >= 0 || bytes[start] != UInt8(ascii: "0") else { return nil }
                digits = digits &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
                if scale >= 0 { scale += 1 }
            }
            index += 1
        }
        guard index > start, scale != 0, digits < Self.limit, !(isNegative && digits == 0) else { return nil }
        self.init(units: isNegative ? -digits : digits, scale: max(scale, 0))
    }

    /// The number with all its decimals, as ``init(_:)`` reads it.
    public var description: String {
        let digits = String(units.magnitude)
        let sign = isNegative ? "-" : ""
        guard scale > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
    }
}
