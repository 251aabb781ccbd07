import Testing

@testable import RabbitMQ

@Suite("The wire form of properties and field tables")
struct WireTests {
    static func value(_ random: inout SeededRandom, depth: Int = 0) -> FieldValue {
        func any<Value: FixedWidthInteger>() -> Value { Value.random(in: .min ... .max, using: &random) }
        let strings = ["", "a", "größe 🧾", String(repeating: "x", count: 300), "\u{0}"]
        switch Int.random(in: 0..<(depth < 4 ? 17 : 15), using: &random) {
        case 0: return .boolean(Bool.random(using: &random))
        case 1: return .int8(any())
        case 2: return .uint8(any())
        case 3: return .int16(any())
        case 4: return .uint16(any())
        case 5: return .int32(any())
        case 6: return .uint32(any())
        case 7: return .int64(any())
        case 8: return .float(Float.random(in: -1e30...1e30, using: &random))
        case 9: return .double(Double.random(in: -1e300...1e300, using: &random))
        case 10: return .decimal(scale: any(), value: any())
        case 11, 12: return .string(strings.randomElement(using: &random) ?? "")
        case 13: return .timestamp(any())
        case 14: return Bool.random(using: &random) ? .void : .bytes([0xFF, 0x00, any()])
        case 15:
            return .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default: return .table(table(&random, depth: depth + 1))
        }
    }

    static func table(_ random: inout SeededRandom, depth: Int = 0) -> FieldTable {
        FieldTable(
            (0..<Int.random(in: 0..<5, using: &random)).map { (name: "h\($0)", value: value(&random, depth: depth)) })
    }

    @Test("any table comes back as it was", arguments: 0..<100)
    func roundTrip(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        for _ in 0..<20 {
            let table = Self.table(&random)
            #expect(FieldTable(wire: try table.wire()) == table)
        }
    }

    @Test("any properties come back as they were", arguments: 0..<100)
    func properties(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &random) ? value : nil }
        let properties = MessageProperties(
            contentType: maybe("a"), contentEncoding: maybe("b"), headers: Self.table(&random), deliveryMode: maybe(2),
            priority: maybe(9), correlationID: maybe("c"), replyTo: maybe("d"), expiration: maybe("100"),
            messageID: maybe("é"), timestamp: maybe(.max), type: maybe(""), userID: maybe("f"), appID: maybe("g"))
        var writer = WireWriter()
        try properties.write(to: &writer)
        let bytes = writer.bytes
        #expect(bytes.withUnsafeBytes { MessageProperties(wire: $0) } == properties)
        for length in 0..<bytes.count {
            _ = bytes.withUnsafeBytes { MessageProperties(wire: UnsafeRawBufferPointer(rebasing: $0[..<length])) }
        }
    }

    @Test("random bytes never trap", arguments: 0..<100)
    func fuzz(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let letters = Array("tbBsuIilLfdDSxAFTV".utf8)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0..<120, using: &random)).map { _ -> UInt8 in
                switch Int.random(in: 0..<4, using: &random) {
                case 0: letters.randomElement(using: &random) ?? 0
                case 1: 0
                case 2: UInt8.random(in: 0..<8, using: &random)
                default: UInt8.random(in: 0...255, using: &random)
                }
            }
            _ = FieldTable(wire: bytes)
            _ = bytes.withUnsafeBytes { MessageProperties(wire: $0) }
        }
    }

    @Test("a header that cannot be read ends the list but keeps what came before it")
    func bestEffort() throws {
        var table = try (["good": 1] as FieldTable).wire()
        table += [3] + Array("bad".utf8) + [UInt8(ascii: "?"), 1, 2, 3]
        table.replaceSubrange(0..<4, with: [0, 0, 0, UInt8(table.count - 4)])
        #expect(FieldTable(wire: table) == ["good": 1])
    }

    @Test("nesting is bounded both ways")
    func depth() throws {
        var deep = FieldValue.int64(1)
        for _ in 0..<FieldTable.maximumDepth + 2 { deep = .table(["d": deep]) }
        #expect(throws: WireFault.self) { try (["h": deep] as FieldTable).wire() }
        var bytes: [UInt8] = []
        for _ in 0..<2000 {
            var writer = WireWriter()
            writer.raw([1, UInt8(ascii: "d"), UInt8(ascii: "F")])
            writer.longString(bytes)
            bytes = writer.bytes
        }
        var writer = WireWriter()
        writer.longString(bytes)
        #expect(FieldTable(wire: writer.bytes).entries.count == 1)
    }

    @Test("headers of one name are replaced, found and removed together")
    func names() {
        var table: FieldTable = ["a": 1, "b": "x", "a": 2]
        #expect(table["a"]?.integer == 1)
        table["b"] = "y"
        #expect(table["b"]?.text == "y")
        table["a"] = nil
        #expect(table.entries.count == 1)
        table["c"] = true
        #expect(table.entries.map(\.name) == ["b", "c"])
    }
}
