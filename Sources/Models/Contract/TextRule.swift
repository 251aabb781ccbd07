/// What is asked of a text. Lengths count Unicode scalars, as JSON Schema does.
struct TextRule: Sendable {
    enum Form: Sendable {
        /// Anything, kept verbatim: whoever shows it has to make it inert.
        case free
        /// No control characters, no blanks at either end.
        case key
        /// Something on both sides of an `@`; also kept verbatim.
        case email
        /// The ASCII characters of RFC 3986.
        case uri
        /// A key that is no card number.
        case paymentReference
        /// ASCII letters and digits, and between them what carriers put there: it becomes part of a link.
        case trackingNumber
    }

    let length: ClosedRange<Int>
    let form: Form

    /// A business key: number, SKU, account …
    static var key: TextRule { TextRule(length: 1...64, form: .key) }
    /// One key, or up to three joined by ``SubjectKey``, which may write each of their characters as two.
    static var subject: TextRule { TextRule(length: 1...400, form: .key) }
    /// A payment provider's reference.
    static var paymentReference: TextRule { TextRule(length: 1...64, form: .paymentReference) }
    /// A carrier's number of a parcel.
    static var trackingNumber: TextRule { TextRule(length: 1...64, form: .trackingNumber) }
    /// An id that fits an AMQP short string in any script of two bytes a character.
    static var identifier: TextRule { TextRule(length: 1...127, form: .key) }
    static var email: TextRule { TextRule(length: 3...254, form: .email) }
    static var uri: TextRule { TextRule(length: 1...2048, form: .uri) }
    /// A URI that fits an AMQP short string.
    static var source: TextRule { TextRule(length: 1...255, form: .uri) }

    /// Free text of so many characters.
    static func text(_ length: ClosedRange<Int>) -> TextRule {
        TextRule(length: length, form: .free)
    }

    /// The broken rule's name and predicate; nil when `bytes`, which are valid UTF-8, keep the rule.
    func fault(_ bytes: UnsafeBufferPointer<UInt8>) -> (rule: String, predicate: String)? {
        if bytes.count < length.lowerBound || bytes.count > length.upperBound {
            let count = bytes.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 &+ 1 }
            if !length.contains(count) { return ("length", lengthPredicate(count)) }
        }
        switch form {
        case .free: return nil
        case .key: return Self.keyFault(bytes)
        case .email:
            let isAddress = bytes.dropFirst().dropLast().contains(UInt8(ascii: "@"))
            return isAddress ? nil : ("email", "must be an e-mail address")
        case .paymentReference:
            if let fault = Self.keyFault(bytes) { return fault }
            return CardNumber.isOne(bytes) ? (CardNumber.rule, "must not be a card number") : nil
        case .trackingNumber:
            return Self.isTrackingNumber(bytes)
                ? nil : ("tracking-number", "must be letters A to Z and digits, between them also blanks and - . / _")
        case .uri: return bytes.allSatisfy(Self.isURICharacter) ? nil : ("uri", "must be a URI of RFC 3986 characters")
        }
    }

    private func lengthPredicate(_ count: Int) -> String {
        if count == 0 { return "must not be empty" }
        return "must have \(length.lowerBound) to \(length.upperBound) characters, not \(count)"
    }

    private static func keyFault(_ bytes: UnsafeBufferPointer<UInt8>) -> (rule: String, predicate: String)? {
        // Whether any byte is below 0x20, and whether any is DEL or above, without a branch per byte.
        var (low, high): (UInt8, UInt8) = (0xFF, 0)
        for byte in bytes {
            low = min(low, byte)
            high = max(high, byte)
        }
        if low > 0x20 && high < 0x7F { return nil }
        if low < 0x20 || (high >= 0x7F && (bytes.contains(0x7F) || hasC1(bytes))) {
            return ("characters", "must not contain control characters")
        }
        return hasBlankEdge(bytes) ? ("blank-edges", "must not begin or end with a blank") : nil
    }

    /// U+0080 to U+009F, in UTF-8 C2 80 to C2 9F.
    private static func hasC1(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        zip(bytes, bytes.dropFirst()).contains { $0 == 0xC2 && $1 < 0xA0 }
    }

    private static func hasBlankEdge(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = bytes.first, let last = bytes.last else { return false }
        if first == 0x20 || last == 0x20 { return true }
        // Other blanks are not ASCII; few keys begin or end outside it.
        guard first >= 0x80 || last >= 0x80 else { return false }
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
        return [scalars.first, scalars.last].contains { $0?.properties.isWhitespace == true }
    }

    private static func isTrackingNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = bytes.first, let last = bytes.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || " -./_".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "0"..."9", "A"..."Z", "a"..."z": true
        default: false
        }
    }

    private static func isURICharacter(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "!", "#"..."&", "'"..."/", "0"..."9", ":", ";", "=", "?", "@", "A"..."Z", "[", "]", "_", "a"..."z", "~":
            true
        default: false
        }
    }

    /// ECMA 262 pattern of the form; nil for free text.
    var pattern: String? {
        let blanks = #"\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"#
        let controls = #"\u0000-\u001f\u007f-\u009f"#
        return switch form {
        case .free: nil
        case .key, .paymentReference: "^[^\(controls)\(blanks)]([^\(controls)]*[^\(controls)\(blanks)])?$"
        case .email: #"^[\s\S]+@[\s\S]+$"#
        case .trackingNumber: "^[0-9A-Za-z]([-0-9A-Za-z ./_]*[0-9A-Za-z])?$"
        case .uri: #"^[!#-;=?-Z\[\]_a-z~]+$"#
        }
    }
}

extension String: ContractValue {
    static var blank: String { "" }

    mutating func read(_ place: Int, _ rule: TextRule, from reader: inout TapeReader) -> Bool {
        guard let bytes = reader.string(place) else { return false }
        if let fault = rule.fault(bytes) {
            if fault.rule == CardNumber.rule {
                reader.faults.report(fault.rule, ofSecretAt: place, fault.predicate)
            } else {
                reader.faults.report(fault.rule, place, fault.predicate)
            }
            return false
        }
        self = String(decoding: bytes, as: UTF8.self)
        return true
    }

    static func schema(_ rule: TextRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        var members: [(String, JSONTree)] = [("type", "string")]
        if rule.length.lowerBound > 0 { members.append(("minLength", .integer(rule.length.lowerBound))) }
        members.append(("maxLength", .integer(rule.length.upperBound)))
        if let pattern = rule.pattern { members.append(("pattern", .string(pattern))) }
        return .object(members)
    }

    mutating func mend(_ rule: TextRule) {
        let isFree = rule.form == .free && !faults(rule).isEmpty
        if isFree { self = FreeText.fitting(self, in: rule.length.upperBound) }
    }

    func write(to writer: inout JSONWriter) {
        writer.string(self)
    }
}
