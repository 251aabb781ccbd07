/// `specversion`: always 1.0.
struct SpecVersion: ContractValue {
    static var blank: SpecVersion { SpecVersion() }
    static let current: StaticString = "1.0"

    static func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> SpecVersion? {
        guard let bytes = reader.string(place) else { return nil }
        if bytes.equals(current) { return SpecVersion() }
        reader.report("const", place, "must be \"1.0\"")
        return nil
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

    static func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> DataContentType? {
        guard let bytes = reader.string(place) else { return nil }
        if MediaType.isPlainJSON(bytes) { return DataContentType() }
        let type = MediaType(String(decoding: bytes, as: UTF8.self))
        if type.isJSON && type.isUTF8 { return DataContentType() }
        reader.report("content-type", place, "must be application/json in UTF-8")
        return nil
    }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        ["type": "string", "pattern": #"^[\s\S]*[Jj][Ss][Oo][Nn]"#]
    }

    func write(to writer: inout JSONWriter) {
        writer.string("application/json")
    }
}

/// `revision`: a JSON number, or its digits as a string, which is how many SDKs and all binary-mode headers carry it.
struct RevisionAttribute: ContractValue {
    static var blank: RevisionAttribute { RevisionAttribute(value: 0) }
    var value: Int64

    static func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> RevisionAttribute? {
        guard reader.tape.kind(place) == Tape.Kind.string else {
            return Int64.read(place, .revision, from: &reader).map(RevisionAttribute.init)
        }
        if let value = digits(reader.tape.string(place)) { return RevisionAttribute(value: value) }
        reader.report("type", place, "must be a whole number from 1 to \(Int64.max)")
        return nil
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
                ["type": "string", "pattern": "^[1-9][0-9]{0,18}$"],
            ]
        ]
    }

    func write(to writer: inout JSONWriter) {
        value.write(to: &writer)
    }
}

/// Trace context: kept when it is well formed, ignored when it is anything else.
struct TraceText: ContractValue {
    static var blank: TraceText { TraceText(text: "") }
    var text: String

    static func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> TraceText? {
        guard reader.tape.kind(place) == Tape.Kind.string else { return nil }
        let bytes = reader.tape.string(place)
        let isPrintable = bytes.count <= 512 && bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        return isPrintable ? TraceText(text: String(decoding: bytes, as: UTF8.self)) : nil
    }

    /// The text when it is a `traceparent` of version 00: `00-<32 hex>-<16 hex>-<2 hex>`, ids not all zero.
    static func valid(_ parent: TraceText?) -> String? {
        guard var text = parent?.text, text.utf8.count == 55 else { return nil }
        let isValid = text.withUTF8 { bytes in
            let dashes = [2, 35, 52]
            let isWellFormed = bytes.indices.allSatisfy { index in
                dashes.contains(index) ? bytes[index] == UInt8(ascii: "-") : Hexadecimal.isLowerDigit(bytes[index])
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
