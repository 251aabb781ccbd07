/// A GS1 Global Trade Item Number of 8, 12, 13 or 14 digits, as it stands under the bars, with a check digit that is right
/// (GS1 General Specifications, section 7.9).
public struct GTIN: Hashable, Sendable, CustomStringConvertible {
    /// The digits.
    public let digits: String

    /// Nil when the text is no such number.
    public init?(_ text: some StringProtocol) {
        var text = String(text)
        guard let value = text.withUTF8({ Self(utf8: $0) }) else { return nil }
        self = value
    }

    init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard [8, 12, 13, 14].contains(bytes.count), bytes.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        // From the right: 1 for the check digit, then 3, 1, 3 …
        let sum = bytes.reversed().enumerated().reduce(0) { sum, digit in
            sum + Int(digit.element - 0x30) * (digit.offset.isMultiple(of: 2) ? 1 : 3)
        }
        guard sum.isMultiple(of: 10) else { return nil }
        digits = String(decoding: bytes, as: UTF8.self)
    }

    /// Stands in until one is read: all zeros keep the rules.
    private init() { digits = "00000000" }

    /// The digits.
    public var description: String { digits }
}

extension GTIN: CodedText {
    static var blank: GTIN { GTIN() }
    static var ruleName: String { "gtin" }
    static var predicate: String { "must be a GTIN of 8, 12, 13 or 14 digits whose check digit is right" }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        definitions.reference("GTIN") { _ in
            [
                "type": "string", "pattern": "^([0-9]{8}|[0-9]{12,14})$",
                "description": "GS1 Global Trade Item Number; the check digit must be right.",
            ]
        }
    }
}
