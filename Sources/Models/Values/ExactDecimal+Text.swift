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
        let tenth = Self.limit / 10
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "."), scale < 0, index > start {
                scale = 0
            } else {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                guard index != start + 1 || scale >= 0 || bytes[start] != UInt8(ascii: "0") else { return nil }
                // Before the nineteenth digit, not after it: twenty digits wrap around and look small again.
                guard digits < tenth else { return nil }
                digits = digits &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
                if scale >= 0 { scale += 1 }
            }
            index += 1
        }
        guard index > start, scale != 0, !(isNegative && digits == 0) else { return nil }
        self.init(units: isNegative ? -digits : digits, scale: max(scale, 0))
    }

    /// The number with all its decimals, as ``init(_:)`` reads it.
    public var description: String {
        guard scale > 0 else { return String(units) }
        let (whole, decimals) = units.quotientAndRemainder(dividingBy: Self.powerOfTen(scale))
        return DigitWriter.text { writer in
            if isNegative { writer.put("-") }
            writer.number(Int(whole), digits: Self.digitCount(whole))
            writer.put(".")
            writer.number(Int(decimals), digits: scale)
        }
    }

    private static func digitCount(_ number: Int64) -> Int {
        var (count, rest) = (1, number.magnitude / 10)
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }
}
