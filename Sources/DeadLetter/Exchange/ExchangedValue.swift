internal import Fleet
internal import FoundationEssentials
internal import RabbitMQ

/// The values of AMQP's field tables in JSON, so that each comes back as the type that it was.
///
/// What JSON has is written as it is: texts, truth values, arrays, null for void, and 64-bit numbers as far as every
/// reader keeps them exactly. All else is an object with one member that names the type: `{"int32": 7}`, `{"int64":
/// "9007199254740993"}`, `{"double": "0.1"}` (`"0x…"`, its bits, where it is no number), `{"decimal": {"scale": 2,
/// "value": 1999}}`, `{"timestamp": "1767225600"}`, `{"bytes": "AP8="}` in base64, `{"table": …}`. A table is an
/// object, or, where a name stands in it twice, an array of pairs of name and value.
enum ExchangedValue {
    static func json(_ table: FieldTable) -> JSONValue {
        let names = table.entries.map { $0.name }
        guard Set(names).count == names.count else {
            return .array(table.entries.map { .array([.string($0.name), json($0.value)]) })
        }
        return .object(table.entries.map { JSONValue.Member(name: $0.name, value: json($0.value)) })
    }

    static func json(_ value: FieldValue) -> JSONValue {
        switch value {
        case .boolean(let flag): .boolean(flag)
        case .string(let text): .string(text)
        case .void: .null
        case .array(let values): .array(values.map { json($0) })
        case .table(let table): tagged("table", json(table))
        case .int64(let number) where number.magnitude <= exact: .integer(number)
        case .int64(let number): tagged("int64", .string(String(number)))
        case .int8(let number): tagged("int8", .integer(Int64(number)))
        case .uint8(let number): tagged("uint8", .integer(Int64(number)))
        case .int16(let number): tagged("int16", .integer(Int64(number)))
        case .uint16(let number): tagged("uint16", .integer(Int64(number)))
        case .int32(let number): tagged("int32", .integer(Int64(number)))
        case .uint32(let number): tagged("uint32", .integer(Int64(number)))
        case .timestamp(let seconds): tagged("timestamp", .string(String(seconds)))
        case .float(let number): tagged("float", .string(number.isNaN ? bits(number.bitPattern) : "\(number)"))
        case .double(let number): tagged("double", .string(number.isNaN ? bits(number.bitPattern) : "\(number)"))
        case .bytes(let bytes): tagged("bytes", .string(Data(bytes).base64EncodedString()))
        case .decimal(let scale, let value):
            tagged("decimal", ["scale": .integer(Int64(scale)), "value": .integer(Int64(value))])
        }
    }

    /// Many readers of JSON have no whole numbers beyond this.
    private static let exact: UInt64 = 1 << 53

    private static func tagged(_ type: String, _ value: JSONValue) -> JSONValue {
        .object([JSONValue.Member(name: type, value: value)])
    }

    private static func bits(_ pattern: some FixedWidthInteger) -> String { "0x" + String(pattern, radix: 16) }
}

// MARK: - Reading

extension ExchangedValue {
    static func table(_ json: JSONValue) throws(LineFault) -> FieldTable {
        var entries: [(name: String, value: FieldValue)] = []
        switch json {
        case .object(let members):
            for member in members { entries.append((member.name, try value(member.value))) }
        case .array(let pairs):
            for case .array(let pair) in pairs {
                guard pair.count == 2, case .string(let name) = pair[0] else { throw notTable }
                entries.append((name, try value(pair[1])))
            }
            guard entries.count == pairs.count else { throw notTable }
        default: throw notTable
        }
        return FieldTable(entries)
    }

    static func value(_ json: JSONValue) throws(LineFault) -> FieldValue {
        switch json {
        case .null: return .void
        case .boolean(let flag): return .boolean(flag)
        case .string(let text): return .string(text)
        case .integer(let number): return .int64(number)
        case .array(let values):
            var items: [FieldValue] = []
            for item in values { items.append(try value(item)) }
            return .array(items)
        case .object(let members):
            guard members.count == 1, let tag = members.first else {
                throw LineFault("A header's value has \(members.count) types instead of one.")
            }
            if tag.name == "table" { return .table(try table(tag.value)) }
            guard let value = tagged(tag.name, tag.value) else {
                throw LineFault("A header's value is no `\(InertText.line(tag.name))`, or there is no such type.")
            }
            return value
        }
    }

    private static let notTable = LineFault("Headers are an object, or an array of pairs of name and value.")

    private static func tagged(_ type: String, _ json: JSONValue) -> FieldValue? {
        switch type {
        case "int8": whole(json).map { .int8($0) }
        case "uint8": whole(json).map { .uint8($0) }
        case "int16": whole(json).map { .int16($0) }
        case "uint16": whole(json).map { .uint16($0) }
        case "int32": whole(json).map { .int32($0) }
        case "uint32": whole(json).map { .uint32($0) }
        case "int64": whole(json).map { .int64($0) }
        case "timestamp": whole(json).map { .timestamp($0) }
        case "float": float(json).map { .float($0) }
        case "double": double(json).map { .double($0) }
        case "decimal": decimal(json)
        case "bytes": text(json).flatMap { Data(base64Encoded: $0) }.map { .bytes(Array($0)) }
        default: nil
        }
    }

    /// A whole number, as a number or, where it may be too large for one, as a text.
    static func whole<Value: FixedWidthInteger>(_ json: JSONValue) -> Value? {
        switch json {
        case .integer(let number): Value(exactly: number)
        case .string(let text): Value(text, radix: 10)
        default: nil
        }
    }

    private static func float(_ json: JSONValue) -> Float? {
        guard let text = text(json), text.hasPrefix("0x") else { return text(json).flatMap { Float($0) } }
        return UInt32(text.dropFirst(2), radix: 16).map { Float(bitPattern: $0) }
    }

    private static func double(_ json: JSONValue) -> Double? {
        guard let text = text(json), text.hasPrefix("0x") else { return text(json).flatMap { Double($0) } }
        return UInt64(text.dropFirst(2), radix: 16).map { Double(bitPattern: $0) }
    }

    private static func decimal(_ json: JSONValue) -> FieldValue? {
        guard let scale: UInt8 = json["scale"].flatMap({ whole($0) }),
            let value: UInt32 = json["value"].flatMap({ whole($0) })
        else { return nil }
        return .decimal(scale: scale, value: value)
    }

    private static func text(_ json: JSONValue) -> String? {
        if case .string(let text) = json { text } else { nil }
    }
}
