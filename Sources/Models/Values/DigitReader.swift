/// Reads fixed-width numbers and separators from bytes, front to back.
struct DigitReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index == bytes.count }

    /// The next byte, not yet consumed.
    var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    /// Exactly `digits` (at most 18) ASCII digits.
    mutating func number(digits: Int) -> Int? {
        guard bytes.count - index >= digits else { return nil }
        var number = 0
        for offset in index..<(index + digits) {
            guard let digit = Self.digit(bytes[offset]) else { return nil }
            number = number &* 10 &+ digit
        }
        index += digits
        return number
    }

    /// One or more digits as a fraction of a second: microseconds, later digits cut off; nil for none or more than nine.
    mutating func microseconds() -> Int? {
        let start = index
        var (value, weight) = (0, 100_000)
        while let byte = next, let digit = Self.digit(byte) {
            value += digit * weight
            weight /= 10
            index += 1
        }
        return (1...9).contains(index - start) ? value : nil
    }

    /// Consumes the separator when it comes next.
    mutating func skip(_ separator: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: separator) else { return false }
        index += 1
        return true
    }

    private static func digit(_ byte: UInt8) -> Int? {
        let digit = byte &- UInt8(ascii: "0")
        return digit <= 9 ? Int(digit) : nil
    }
}
