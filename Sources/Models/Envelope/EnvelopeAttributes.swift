/// `specversion`: always 1.0.
struct SpecVersion: ContractValue {
    static var blank: SpecVersion { SpecVersion() }
    static let current: StaticString = "1.0"

    mutating func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> Bool {
        guard let bytes = reader.string(place) else { return false }
        if bytes.equals(Self.current) { return true }
        reader.faults.report("const", place, "must be \"1.0\"")
        return false
    }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        ["const": .string(current.description)]
    }

    func write(to writer: inout JSONWriter) {
        writer.string(Self.current.description)
    }
}

/// `datacontenttype`: JSON under any name, in UTF-8.
struct DataContentType: ContractValue {
    static var blank: DataContentType { DataContentType() }

    mutating func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> Bool {
        guard let bytes = reader.string(place) else { return false }
        if MediaType.isPlainJSON(bytes) { return true }
        let type = MediaType(String(decoding: bytes, as: UTF8.self))
        if type.isJSON && type.isUTF8 { return true }
        reader.faults.report("content-type", place, "must be application/json in UTF-8")
        return false
    }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        ["type": "string", "pattern": .string(MediaType.pattern)]
    }

    func write(to writer: inout JSONWriter) {
        writer.string("application/json")
    }
}

/// `revision`: a JSON number, or its digits as a string, which is how many SDKs and all binary-mode headers carry it.
struct RevisionAttribute: ContractValue {
    static var blank: RevisionAttribute { RevisionAttribute(value: 0) }
    var value: Int64

    mutating func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> Bool {
        guard reader.tape.kind(place) == Tape.Kind.string else { return value.read(place, .revision, from: &reader) }
        if let digits = Self.digits(reader.tape.string(place)) {
            value = digits
            return true
        }
        reader.faults.report("type", place, "must be a whole number from 1 to \(Int64.max)")
        return false
    }

    private static func digits(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard let first = bytes.first, first != UInt8(ascii: "0") else { return nil }
        guard bytes.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        return Int64(String(decoding: bytes, as: UTF8.self))
    }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        [
            "anyOf": [
                Int64.schema(.revision, in: &definitions),
                ["type": "string", "pattern": .string("^(\(pattern))$")],
            ]
        ]
    }

    /// The digits of every number from 1 to the largest of 64 bits.
    private static var pattern: String {
        let largest = Array(String(Int64.max))
        let smaller = largest.indices.compactMap { index -> String? in
            let lowest = index == 0 ? 1 : 0
            guard let digit = largest[index].wholeNumberValue, digit > lowest else { return nil }
            return "\(String(largest[..<index]))[\(lowest)-\(digit - 1)][0-9]{\(largest.count - index - 1)}"
        }
        return (["[1-9][0-9]{0,\(largest.count - 2)}"] + smaller + [String(largest)]).joined(separator: "|")
    }

    func write(to writer: inout JSONWriter) {
        value.write(to: &writer)
    }
}

/// Trace context: kept when it is well formed, ignored when it is anything else.
struct TraceText: ContractValue {
    static var blank: TraceText { TraceText(text: "") }
    var text: String

    mutating func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> Bool {
        guard reader.tape.kind(place) == Tape.Kind.string else { return false }
        let bytes = reader.tape.string(place)
        guard bytes.count <= 512, bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return false }
        text = String(decoding: bytes, as: UTF8.self)
        return true
    }

    /// The text when it is a `traceparent` of version 00: `00-<32 hex>-<16 hex>-<2 hex>`, ids not all zero.
    static func valid(_ parent: TraceText?) -> String? {
        guard var text = parent?.text, text.utf8.count == 55 else { return nil }
        let isValid = text.withUTF8 { bytes in
            let isWellFormed = bytes.indices.allSatisfy { index in
                let isDash = index == 2 || index == 35 || index == 52
                return isDash ? bytes[index] == UInt8(ascii: "-") : Hexadecimal.isLowerDigit(bytes[index])
            }
            let isZero = { (range: Range<Int>) in bytes[range].allSatisfy { $0 == UInt8(ascii: "0") } }
            return isWellFormed && isZero(0..<2) && !isZero(3..<35) && !isZero(36..<52)
        }
        return isValid ? text : nil
    }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        .object([])
    }

    func write(to writer: inout JSONWriter) {
        writer.string(text)
    }
}
