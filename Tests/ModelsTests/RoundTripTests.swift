import Foundation
import Models
import Testing

@Suite("Writing and reading")
struct RoundTripTests {
    @Test("what is written is read back the same", arguments: 1...30)
    func orders(seed: UInt64) throws {
        var generator = OrderGenerator(seed: seed)
        let reader = MessageReader()
        for _ in 0..<20 {
            let order = generator.order()
            let envelope = generator.envelope(for: order)
            let received = try reader.read(MessageWriter().write(envelope, order))
            #expect(received.payload as? Order == order)
            #expect(received.envelope == envelope)
            let pretty = try reader.read(MessageWriter(isPretty: true).write(envelope, order))
            #expect(pretty.contentHash == received.contentHash)
        }
    }

    @Test("the first example is the message that the documents promise")
    func golden() throws {
        let received = try MessageReader().read(Array(Fixture.placed.utf8))
        let order = try #require(received.payload as? Order)
        #expect(received.envelope.id == "019ca9e6-1400-7000-8000-000000000001")
        #expect(received.envelope.dataSchema == "urn:stevedore:message:order.placed.v1#/$defs/Order")
        #expect(received.envelope.time.description == "2026-03-01T12:00:00Z")
        #expect(order.customer == .account("C-2044"))
        #expect(order.payment == .purchaseOrder)
        #expect(order.requestedDate?.description == "2026-03-09")
        #expect(order.lines.map(\.unit.code) == ["C62", "MTR"])
        #expect(order.lines[0].unitPrice.description == "0.1835")
        #expect(order.totals.total == ExactDecimal("78.37"))
        let again = MessageWriter(isPretty: true).write(received.envelope, order)
        #expect(String(decoding: again, as: UTF8.self) + "\n" == Fixture.placed)
    }

    @Test("statuses and offline orders come back too")
    func statuses() throws {
        let reader = MessageReader()
        for text in [Fixture.status, Fixture.offline] {
            let received = try reader.read(Array(text.utf8))
            let again = try reader.read(MessageWriter().write(received.envelope, received.payload))
            #expect(again.contentHash == received.contentHash)
            #expect(again.envelope == received.envelope)
        }
        let offline = try #require(try reader.read(Array(Fixture.offline.utf8)).payload as? OfflineOrder)
        #expect(offline.lineStatuses.count == 2)
    }

    @Test("the hash ignores spelling and heeds content")
    func hashes() throws {
        let reader = MessageReader()
        let hash = try reader.read(Array(Fixture.placed.utf8)).contentHash
        let object = try JSONSerialization.jsonObject(with: Data(Fixture.placed.utf8))
        let sorted = try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
        #expect(try reader.read([UInt8](sorted)).contentHash == hash)
        #expect(
            try reader.read(try Fixture.replacing("\"Ana Ruiz\"", with: #""\u0041na Ru\u0069z""#)).contentHash == hash)
        #expect(try reader.read(try Fixture.edited("/id", "\"other\"")).contentHash == hash)
        #expect(try reader.read(try Fixture.edited("/data/contact/name", "\"Ana Ruis\"")).contentHash != hash)
        #expect(try reader.read(try Fixture.edited("/data/unknown", "1")).contentHash != hash)
        #expect(try reader.read(try Fixture.edited("/type", "\"order.amended.v1\"")).contentHash != hash)
        let one = try reader.read(try Fixture.edited("/data/unknown", "[\"a\",\"b\"]")).contentHash
        let two = try reader.read(try Fixture.edited("/data/unknown", "[\"a\\\"\",\"b\"]")).contentHash
        #expect(one != two)
    }

    @Test("a member that is null or an empty list says as much as none")
    func absentMembers() throws {
        let reader = MessageReader()
        let hash = try reader.read(try Fixture.edited("/data/requestedDate", nil)).contentHash
        #expect(try reader.read(try Fixture.edited("/data/requestedDate", "null")).contentHash == hash)
        let without = String(decoding: try Fixture.edited("/data/fallbacks", nil), as: UTF8.self)
        #expect(try reader.read(try Fixture.edited("/data/requestedDate", "null", in: without)).contentHash == hash)
        let whole = try reader.read(Array(Fixture.placed.utf8)).contentHash
        for different in ["\"\"", "false", "0", "{}", "[null]"] {
            #expect(
                try reader.read(try Fixture.edited("/data/unknown", different)).contentHash != whole, "\(different)")
        }
    }

    @Test("values are compared as they are written, numbers that nobody knows as 64 bits")
    func spellings() throws {
        let reader = MessageReader()
        let hash = { (value: String) in
            try reader.read(try Fixture.replacing("\"goods\"", with: "\"x\":\(value),\"goods\"")).contentHash
        }
        #expect(try hash("\"12.5\"") != hash("\"12.50\""))
        #expect(try hash("1") != hash("1.0"))
        #expect(try hash("0.1") == hash("0.10000000000000000001"))
        #expect(try hash("9007199254740993") != hash("9007199254740992"))
    }

    @Test("one reader reads good messages after bad ones, and small after large")
    func readerIsReusable() throws {
        let reader = MessageReader()
        let large = try Fixture.edited("/data/unknown", "\"\(String(repeating: "x", count: 300_000))\"")
        for body in [large, Array("{".utf8), Array(Fixture.placed.utf8), [], large, Array(Fixture.status.utf8)] {
            let alone = try? MessageReader().read(body).contentHash
            #expect((try? reader.read(body).contentHash) == alone)
        }
    }

    @Test("the hash of the first example never changes: ledgers have stored it")
    func goldenHash() throws {
        let hash = try MessageReader().read(Array(Fixture.placed.utf8)).contentHash
        #expect(hash.description == "48743a3d10679d6047ca16aa269b3778")
    }

    @Test("extensions cannot pose as attributes")
    func reservedExtensions() throws {
        let received = try MessageReader().read(Array(Fixture.placed.utf8))
        var envelope = received.envelope
        envelope.extensions = ["id": "forged", "data": "x", "Upper": "x", "": "x", "good": "kept"]
        let again = try MessageReader().read(MessageWriter().write(envelope, received.payload))
        #expect(again.envelope.id == received.envelope.id)
        #expect(again.envelope.extensions == ["good": "kept"])
    }

    @Test("limits can be set lower")
    func limits() {
        let reader = MessageReader(limits: MessageReader.Limits(bytes: 100, depth: 3))
        #expect(throws: ContractError.self) { try reader.read(Array(Fixture.placed.utf8)) }
        #expect { try reader.read(Array("{\"a\":{\"b\":{\"c\":1}}}".utf8)) } throws: {
            ($0 as? ContractError)?.reason == .envelope
        }
        #expect { try reader.read(Array("{\"a\":{\"b\":{\"c\":[1]}}}".utf8)) } throws: {
            ($0 as? ContractError)?.reason == .tooDeep
        }
    }
}
