import Foundation
import Models
import Testing

@Suite("Ways to carry a message")
struct ModeTests {
    private static let attributes: [(name: String, value: IncomingMessage.HeaderValue)] = [
        ("cloudEvents_specversion", "1.0"), ("cloudEvents_id", "m-1"), ("cloudEvents_source", "store:web"),
        ("cloudEvents_type", "order.placed.v1"), ("cloudEvents_subject", "W-1001"),
        ("cloudEvents_time", "2026-03-01T12:00:00Z"), ("cloudEvents_revision", "1"),
        ("cloudEvents_partitionkey", "a\"b"), ("x-death", "[…]"),
    ]

    private static func data() throws -> [UInt8] {
        let root = try JSONSerialization.jsonObject(with: Data(Fixture.placed.utf8)) as? [String: Any]
        return [UInt8](try JSONSerialization.data(withJSONObject: try #require(root?["data"])))
    }

    private static func binary(
        _ contentType: String? = "application/json",
        _ headers: [(name: String, value: IncomingMessage.HeaderValue)] = attributes
    ) -> IncomingMessage {
        IncomingMessage(contentType: contentType, messageID: "transport-1", headers: { headers })
    }

    @Test(
        "binary mode reads the same order, and the same hash, as structured mode",
        arguments: ["cloudEvents_", "cloudEvents:"])
    func binaryMode(prefix: String) throws {
        let headers = Self.attributes.map { header in
            (name: header.name.replacingOccurrences(of: "cloudEvents_", with: prefix), value: header.value)
        }
        let reader = MessageReader()
        let binary = try reader.read(try Self.data(), Self.binary("application/json; charset=UTF-8", headers))
        let structured = try reader.read(Array(Fixture.placed.utf8))
        #expect(binary.payload as? Order == structured.payload as? Order)
        #expect(binary.contentHash == structured.contentHash)
        #expect(binary.envelope.id == "m-1")
        #expect(binary.envelope.extensions == ["partitionkey": "a\"b"])
    }

    @Test("binary mode without a content type is told by its headers")
    func binaryWithoutContentType() throws {
        #expect(try MessageReader().read(try Self.data(), Self.binary(nil)).envelope.id == "m-1")
        #expect(try MessageReader().read(Array(Fixture.placed.utf8), Self.binary(nil, [])).envelope.subject == "W-1001")
    }

    @Test("data in binary mode cannot break out of its place")
    func binaryInjection() throws {
        let body = Array(#"{},"id":"forged""#.utf8)
        #expect(Fixture.refusal(body, Self.binary())?.reason == .json)
        let twice = Self.binary("application/json", Self.attributes + [(name: "cloudEvents:id", value: "other")])
        let error = Fixture.refusal(try Self.data(), twice)
        #expect(error?.reason == .envelope && marks(error) == ["/id duplicate"])
        #expect(error?.sentence == "Two headers of the message carry the attribute id.")
    }

    @Test("an attribute of a type that none can have is named as that, not as missing")
    func unreadableAttributes() throws {
        for name in ["id", "source", "subject", "time", "revision", "type", "specversion"] {
            let headers = Self.attributes.map { header in
                header.name == "cloudEvents_" + name
                    ? (name: header.name, value: IncomingMessage.HeaderValue.unreadable) : header
            }
            let error = Fixture.refusal(try Self.data(), Self.binary("application/json", headers))
            #expect(marks(error).contains("/\(name) type"), "\(marks(error))")
            #expect(!marks(error).contains("/\(name) required"))
        }
    }

    @Test("trace context in plain headers is taken where there is none among the attributes")
    func plainTraceContext() throws {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let other = "00-4bf92f3577b34da6a3ce929d0e0e4737-00f067aa0ba902b7-01"
        let plain: [(name: String, value: IncomingMessage.HeaderValue)] = [
            ("traceparent", .text(parent)), ("tracestate", "a=b"),
        ]
        let reader = MessageReader()
        let read = try reader.read(try Self.data(), Self.binary("application/json", Self.attributes + plain)).envelope
        #expect(read.traceParent == parent && read.traceState == "a=b")
        let both = Self.attributes + plain + [(name: "cloudEvents_traceparent", value: .text(other))]
        let kept = try reader.read(try Self.data(), Self.binary("application/json", both)).envelope
        #expect(kept.traceParent == other && kept.traceState == nil)
    }

    @Test("the size limit is the body's; headers do not count")
    func binarySize() throws {
        var body = try Self.data()
        body += [UInt8](repeating: UInt8(ascii: " "), count: (1 << 20) - body.count)
        #expect(Fixture.refusal(body, Self.binary()) == nil)
        #expect(Fixture.refusal(body + [UInt8(ascii: " ")], Self.binary())?.reason == .tooLarge)
    }

    @Test("a broken body of binary mode is named by its headers, and its fault is in data")
    func brokenBinary() throws {
        let error = Fixture.refusal(Array(#"{"id":"data's","lines":[1,]}"#.utf8), Self.binary())
        #expect(error?.id == "m-1" && error?.subject == "W-1001" && error?.type == "order.placed.v1")
        #expect(marks(error) == ["/data/lines/1 json"])
    }

    @Test("missing attributes are faults in binary mode too")
    func binaryFaults() throws {
        let some = Self.binary(
            "application/json",
            [(name: "cloudEvents_specversion", value: "1.0"), (name: "cloudEvents_type", value: "order.placed.v1")])
        let error = Fixture.refusal(try Self.data(), some)
        #expect(
            marks(error) == [
                "/id required", "/revision required", "/source required", "/subject required", "/time required",
            ])
        #expect(error?.id == "transport-1")
    }

    @Test(
        "content types that are no single JSON event are refused",
        arguments: [
            "text/plain", "application/xml", "application/cloudevents-batch+json", "application/cloudevents+avro",
            "application/json", "x",
        ])
    func contentTypes(contentType: String) {
        let error = Fixture.refusal(Array(Fixture.placed.utf8), IncomingMessage(contentType: contentType))
        #expect(error?.reason == .contentType)
    }

    @Test(
        "structured mode is known by any spelling",
        arguments: [
            nil, "", "application/cloudevents+json", "application/cloudevents+json; charset=utf-8",
            "Application/CloudEvents+JSON;charset=\"UTF-8\"",
        ])
    func structuredContentTypes(contentType: String?) {
        #expect(Fixture.refusal(Array(Fixture.placed.utf8), IncomingMessage(contentType: contentType)) == nil)
    }

    @Test("other encodings are refused by name and by their first bytes")
    func encodings() {
        let body = Array(Fixture.placed.utf8)
        for encoding in ["gzip", "deflate", "br"] {
            #expect(Fixture.refusal(body, IncomingMessage(contentEncoding: encoding))?.reason == .encoding)
        }
        for encoding in ["utf-8", "UTF-8", "identity", ""] {
            #expect(Fixture.refusal(body, IncomingMessage(contentEncoding: encoding)) == nil)
        }
        #expect(Fixture.refusal([0x1F, 0x8B, 8, 0, 0])?.reason == .encoding)
        #expect(
            Fixture.refusal(body, IncomingMessage(contentType: "application/cloudevents+json; charset=latin1"))?.reason
                == .encoding)
    }

    @Test("unknown types, newer versions and other CloudEvents versions are told apart")
    func unsupported() throws {
        let expectations: [(String, String, ContractError.Reason)] = [
            ("/type", "\"order.placed.v2\"", .unsupportedVersion),
            ("/type", "\"order.status.v17\"", .unsupportedVersion),
            ("/type", "\"order.placed.v0\"", .unsupportedType), ("/type", "\"order.placed\"", .unsupportedType),
            ("/type", "\"invoice.v1\"", .unsupportedType), ("/type", "\"order.placed.v+2\"", .unsupportedType),
            ("/type", "\"order.placed.v-2\"", .unsupportedType), ("/type", "\"order.placed.v\"", .unsupportedType),
            ("/type", "\"order.placed.v99999999999999999999\"", .unsupportedType),
            ("/specversion", "\"0.3\"", .unsupportedSpecVersion), ("/specversion", "\"1.1\"", .unsupportedSpecVersion),
            ("/specversion", "1", .envelope), ("/specversion", "null", .envelope), ("/type", "null", .envelope),
            ("/type", "\"\"", .envelope),
            ("/type", "5", .envelope),
        ]
        for (pointer, json, reason) in expectations {
            let error = Fixture.refusal(try Fixture.edited(pointer, json))
            #expect(error?.reason == reason, "\(pointer) \(json)")
            #expect(error?.subject == "W-1001")
        }
    }

    @Test("unknown fields and attributes are accepted; scalar extensions are kept")
    func unknownFields() throws {
        let body = try Fixture.replacing(
            "\"specversion\"",
            with:
                "\"partitionkey\":\"k\",\"sampled\":true,\"sequence\":7,\"Bad_Name\":\"x\",\"nested\":{\"a\":1},\"specversion\""
        )
        let received = try MessageReader().read(body)
        #expect(received.envelope.extensions == ["partitionkey": "k", "sampled": "true", "sequence": "7"])
        #expect(Fixture.refusal(try Fixture.edited("/data/lines/0/engraving", "{\"text\":\"A\"}")) == nil)
    }

    @Test("a malformed trace context is ignored, not a fault")
    func traceContext() throws {
        let good = try MessageReader().read(Array(Fixture.placed.utf8)).envelope
        #expect(good.traceParent == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        for bad in [
            "\"x\"", "7", "{}", "\"00-00000000000000000000000000000000-00f067aa0ba902b7-01\"",
            "\"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01\"",
        ] {
            let envelope = try MessageReader().read(try Fixture.edited("/traceparent", bad)).envelope
            #expect(envelope.traceParent == nil, "\(bad)")
        }
    }

    @Test("a revision may come as digits in a string in the envelope, not in the data")
    func revisionText() throws {
        #expect(Fixture.refusal(try Fixture.edited("/revision", "\"1\"")) == nil)
        for bad in ["\"01\"", "\"+1\"", "\" 1\"", "\"1.0\"", "\"99999999999999999999\"", "\"\""] {
            #expect(marks(Fixture.refusal(try Fixture.edited("/revision", bad))) == ["/revision type"], "\(bad)")
        }
    }
}
