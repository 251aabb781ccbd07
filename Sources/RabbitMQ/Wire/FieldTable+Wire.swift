extension FieldTable {
    /// Tables and arrays may be nested this deep; deeper ones are cut when read and refused when written.
    public static let maximumDepth = 16

    /// Reads the entries that can be read; what follows a broken one is dropped.
    init(reading reader: inout WireReader, depth: Int = 0) {
        var entries: [(name: String, value: FieldValue)] = []
        while reader.remaining > 0, let name = reader.shortString(),
            let value = FieldValue(reading: &reader, depth: depth)
        {
            entries.append((name, value))
        }
        self.entries = entries
    }

    /// The table from its bytes with the leading length.
    init(wire: [UInt8]) {
        self = unsafe wire.withUnsafeBytes { bytes in
            var reader = unsafe WireReader(bytes)
            guard var part = reader.longPart() else { return FieldTable() }
            return FieldTable(reading: &part)
        }
    }

    func write(to writer: inout WireWriter, depth: Int = 0) throws(WireFault) {
        guard depth <= Self.maximumDepth else {
            throw WireFault(sentence: "a field table is nested deeper than \(Self.maximumDepth)")
        }
        try writer.measured { (writer: inout WireWriter) throws(WireFault) in
            for (name, value) in entries {
                guard name.utf8.count <= 128 else {
                    throw WireFault(sentence: "the header name \"\(name.prefix(40))…\" is longer than 128 bytes")
                }
                try writer.shortString(name, name: "a header name")
                try value.write(to: &writer, depth: depth)
            }
        }
    }

    /// The bytes of the table with the leading length.
    func wire() throws(WireFault) -> [UInt8] {
        var writer = WireWriter()
        try write(to: &writer)
        return writer.bytes
    }
}
