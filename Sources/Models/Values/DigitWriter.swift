/// Writes short ASCII texts of digits and separators without making a string of each part.
///
/// Texts like these are written for every line of every order.
struct DigitWriter {
    /// The longest text that fits.
    static let capacity = 32

    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    /// The text that `body` writes.
    static func text(_ body: (inout DigitWriter) -> Void) -> String {
        String(unsafeUninitializedCapacity: capacity) { bytes in
            var writer = DigitWriter(bytes: bytes)
            body(&writer)
            return writer.count
        }
    }

    private init(bytes: UnsafeMutableBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func put(_ separator: Unicode.Scalar) {
        put(UInt8(ascii: separator))
    }

    /// The last `digits` digits of a number, with zeros in front.
    mutating func number(_ number: Int, digits: Int) {
        guard digits > 0, count &+ digits <= bytes.count else { return }
        var rest = number.magnitude
        for index in (count..<(count &+ digits)).reversed() {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
        count &+= digits
    }

    private mutating func put(_ byte: UInt8) {
        guard count < bytes.count else { return }
        bytes[count] = byte
        count &+= 1
    }
}
