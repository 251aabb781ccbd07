extension FieldValue {
    /// Nil for a type that AMQP does not know, and for bytes that end too early.
    init?(reading reader: inout WireReader, depth: Int) {
        guard let type = reader.integer(UInt8.self), let value = Self.read(type, &reader, depth) else { return nil }
        self = value
    }

    private static func read(_ type: UInt8, _ reader: inout WireReader, _ depth: Int) -> FieldValue? {
        switch type {
        case UInt8(ascii: "t"): reader.integer(UInt8.self).map { .boolean($0 != 0) }
        case UInt8(ascii: "b"): reader.integer().map { .int8($0) }
        case UInt8(ascii: "B"): reader.integer().map { .uint8($0) }
        case UInt8(ascii: "s"): reader.integer().map { .int16($0) }
        case UInt8(ascii: "u"): reader.integer().map { .uint16($0) }
        case UInt8(ascii: "I"): reader.integer().map { .int32($0) }
        case UInt8(ascii: "i"): reader.integer().map { .uint32($0) }
        // The standard and RabbitMQ disagree about "L"; RabbitMQ reads both letters as signed.
        case UInt8(ascii: "l"), UInt8(ascii: "L"): reader.integer().map { .int64($0) }
        case UInt8(ascii: "f"): reader.integer(UInt32.self).map { .float(Float(bitPattern: $0)) }
        case UInt8(ascii: "d"): reader.integer(UInt64.self).map { .double(Double(bitPattern: $0)) }
        case UInt8(ascii: "T"): reader.integer().map { .timestamp($0) }
        case UInt8(ascii: "V"): .void
        case UInt8(ascii: "D"): decimal(&reader)
        case UInt8(ascii: "S"): reader.longPart().map { text($0) }
        case UInt8(ascii: "x"): reader.longPart().map { bytes($0) }
        case UInt8(ascii: "A"): nested(&reader, depth) { array($0, depth) }
        case UInt8(ascii: "F"): nested(&reader, depth) { table($0, depth) }
        default: nil
        }
    }

    private static func decimal(_ reader: inout WireReader) -> FieldValue? {
        guard let scale = reader.integer(UInt8.self), let value = reader.integer(UInt32.self) else { return nil }
        return .decimal(scale: scale, value: value)
    }

    private static func bytes(_ part: WireReader) -> FieldValue {
        var part = part
        return .bytes(part.rest())
    }

    private static func text(_ part: WireReader) -> FieldValue {
        var part = part
        let bytes = part.rest()
        return String(validating: bytes, as: UTF8.self).map { .string($0) } ?? .bytes(bytes)
    }

    /// What is nested too deep is skipped and stands as void, so that its neighbours survive.
    private static func nested(
        _ reader: inout WireReader, _ depth: Int, _ read: (WireReader) -> FieldValue
    ) -> FieldValue? {
        guard let part = reader.longPart() else { return nil }
        return depth < FieldTable.maximumDepth ? read(part) : .void
    }

    private static func array(_ part: WireReader, _ depth: Int) -> FieldValue {
        var part = part
        var values: [FieldValue] = []
        while part.remaining > 0, let value = FieldValue(reading: &part, depth: depth + 1) { values.append(value) }
        return .array(values)
    }

    private static func table(_ part: WireReader, _ depth: Int) -> FieldValue {
        var part = part
        return .table(FieldTable(reading: &part, depth: depth + 1))
    }
}

extension FieldValue {
    func write(to writer: inout WireWriter, depth: Int) throws(WireFault) {
        writer.integer(typeLetter)
        switch self {
        case .boolean(let value): writer.integer(UInt8(value ? 1 : 0))
        case .int8(let value): writer.integer(value)
        case .uint8(let value): writer.integer(value)
        case .int16(let value): writer.integer(value)
        case .uint16(let value): writer.integer(value)
        case .int32(let value): writer.integer(value)
        case .uint32(let value): writer.integer(value)
        case .int64(let value): writer.integer(value)
        case .timestamp(let value): writer.integer(value)
        case .float(let value): writer.integer(value.bitPattern)
        case .double(let value): writer.integer(value.bitPattern)
        case .decimal(let scale, let value):
            writer.integer(scale)
            writer.integer(value)
        case .string(let text): writer.longString(text.utf8)
        case .bytes(let bytes): writer.longString(bytes)
        case .table(let table): try table.write(to: &writer, depth: depth + 1)
        case .array(let values): try Self.write(values, to: &writer, depth: depth + 1)
        case .void: break
        }
    }

    private static func write(
        _ values: [FieldValue], to writer: inout WireWriter, depth: Int
    ) throws(WireFault) {
        guard depth <= FieldTable.maximumDepth else {
            throw WireFault(sentence: "an array in a field table is nested deeper than \(FieldTable.maximumDepth)")
        }
        try writer.measured { (writer: inout WireWriter) throws(WireFault) in
            for value in values { try value.write(to: &writer, depth: depth) }
        }
    }

    private var typeLetter: UInt8 {
        switch self {
        case .boolean: UInt8(ascii: "t")
        case .int8: UInt8(ascii: "b")
        case .uint8: UInt8(ascii: "B")
        case .int16: UInt8(ascii: "s")
        case .uint16: UInt8(ascii: "u")
        case .int32: UInt8(ascii: "I")
        case .uint32: UInt8(ascii: "i")
        case .int64: UInt8(ascii: "l")
        case .float: UInt8(ascii: "f")
        case .double: UInt8(ascii: "d")
        case .decimal: UInt8(ascii: "D")
        case .string: UInt8(ascii: "S")
        case .bytes: UInt8(ascii: "x")
        case .array: UInt8(ascii: "A")
        case .table: UInt8(ascii: "F")
        case .timestamp: UInt8(ascii: "T")
        case .void: UInt8(ascii: "V")
        }
    }
}
