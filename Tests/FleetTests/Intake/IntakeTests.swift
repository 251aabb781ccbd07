import FleetTesting
import Models
import RabbitMQ
import Testing

@testable import Fleet

@Suite struct IntakeTests {
    @Test("attempts count from 1, whatever the header holds")
    func attempts() {
        let attempt = { (value: FieldValue) in
            Samples.intake(properties: .init(headers: [MessageHeader.attempt: value])).attempt
        }
        #expect(Samples.intake().attempt == 1)
        #expect(attempt(.int64(2)) == 3)
        #expect(attempt(.int64(.min)) == 1)
        #expect(attempt(.int64(.max)) == 1_000_001)
        #expect(attempt(.timestamp(.max)) == 1)
        #expect(attempt("three") == 1)
    }

    @Test("the time of the first failure is believed only when it is a time")
    func firstFailure() {
        let time = { (value: FieldValue) in
            Samples.intake(properties: .init(headers: [MessageHeader.firstFailedAt: value])).firstFailedAt
        }
        #expect(time("2026-03-01T12:00:00Z") == "2026-03-01T12:00:00Z")
        #expect(time("yesterday") == nil)
        #expect(time(.int64(5)) == nil)
    }

    @Test("a message without an id is known by its body")
    func key() {
        #expect(Samples.intake(properties: .init(messageID: "m")).key == "m")
        #expect(Samples.intake([1]).key == Samples.intake([1]).key)
        #expect(Samples.intake([1]).key != Samples.intake([2]).key)
    }

    @Test("a message that nobody dares to read is named by its properties, else by what stands on its top level")
    func announcedNames() throws {
        let body = try Samples.orderBody("A", revision: 3)
        let names = ContractNames(announcedBy: Samples.intake(body))
        #expect(names == ContractNames(try MessageReader().read(body).envelope))
        let properties = MessageProperties(
            headers: ["cloudEvents_subject": "B", "cloudEvents_revision": 4], messageID: "m", type: "t")
        let announced = ContractNames(announcedBy: Samples.intake(body, properties: properties))
        #expect([announced.id, announced.type, announced.subject] == ["m", "t", "B"] && announced.revision == 4)
        let binary = Samples.intake(body, properties: .init(contentType: "application/json"))
        #expect(ContractNames(announcedBy: binary).subject == nil)
    }

    @Test(
        "only a plain text on the top level is taken for a subject",
        arguments: [
            (#"{"subject":"A"}"#, "A"), (#" { "x" : [1, {"subject":"B"}], "subject" : "A" , "y":2}"#, "A"),
            (#"{"data":{"subject":"B"}}"#, nil), (#"{"a":"\"","subject":"Ä"}"#, "Ä"), (#"{"subject":"\u0041"}"#, nil),
            (#"{"subject":7,"revision":1}"#, "7"),
            (#"{"subject":1.5}"#, nil), (#"{"subject":-1}"#, nil), (#"{"subject":null}"#, nil),
            (#"{"subject":["A"]}"#, nil),
            (#"["subject","A"]"#, nil), (#"{"a":"subject","b":"A"}"#, nil),
            (#"{"subject":"A","subject":"B"}"#, "A"), (#"{"subject":"A"#, nil), (#"{"subject":"A""#, nil),
            ("{\"subject\":\"a\u{1}b\"}", nil), ("{\"subject\":\"\(String(repeating: "x", count: 300))\"}", nil),
            ("}}]]{\"subject\":\"A\"}", nil), ("", nil),
        ])
    func glance(body: String, subject: String?) {
        #expect(EnvelopeGlance(body.utf8)["subject"] == subject)
    }

    @Test("no body can stop a glance at it", .reportsSeed)
    func glanceAtAnything() {
        var random = SeededRandom()
        let alphabet = Array("{}[]:,\"\\0a\u{0}ÿ".utf8) + [0xFF]
        for _ in 0..<2_000 {
            let body = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            _ = EnvelopeGlance(body)["subject"]
        }
    }

    @Test("structured and binary mode are read alike")
    func modes() throws {
        let structured = try MessageReader().read(Samples.intake(try Samples.orderBody("A")))
        #expect(structured.envelope.subject == "A")
        let text = String(decoding: try Samples.orderBody("A"), as: UTF8.self)
        let start = try #require(text.firstRange(of: "\"data\":")?.upperBound)
        let data = Array(text[start...].dropLast().utf8)
        var headers = FieldTable()
        for (name, value) in [
            ("specversion", "1.0"), ("id", "m-1"), ("source", "urn:test"), ("type", "order.placed.v1"),
            ("subject", "A"), ("time", "2026-03-01T12:00:00Z"), ("revision", "1"),
        ] {
            headers["cloudEvents_" + name] = .string(value)
        }
        let binary = Samples.intake(data, properties: .init(contentType: "application/json", headers: headers))
        #expect(try MessageReader().read(binary).contentHash == structured.contentHash)
    }

    private static let carriers: [(String, FieldValue)] = [
        ("revision", FieldValue.int64(1)), ("revision", .int8(1)), ("revision", .uint8(1)), ("revision", .int16(1)),
        ("revision", .uint16(1)), ("revision", .int32(1)), ("revision", .uint32(1)), ("revision", .bytes([0x31])),
        ("time", .timestamp(1_772_366_400)), ("subject", .bytes(Array("A".utf8))), ("sampled", .boolean(true)),
        ("optional", .void), ("nested", .table([:])),
    ]

    private static let unreadable: [(String, FieldValue)] = [
        ("time", FieldValue.table([:])), ("time", .double(1)), ("time", .timestamp(.max)), ("id", .array([])),
        ("subject", .bytes([0xFF])), ("subject", .float(1)), ("revision", .decimal(scale: 0, value: 1)),
    ]

    @Test(
        "attributes of binary mode are read whichever type of AMQP carries them",
        arguments: Self.carriers)
    func headerTypes(name: String, value: FieldValue) throws {
        let received = try MessageReader().read(try binary(name, value))
        #expect(received.envelope.revision == 1 && received.envelope.subject == "A")
        #expect(received.envelope.time.description == "2026-03-01T12:00:00Z")
        #expect(received.envelope.extensions == (name == "sampled" ? ["sampled": "true"] : [:]))
    }

    @Test(
        "an attribute of a type that none can have is a fault of its type",
        arguments: Self.unreadable)
    func unreadableHeaders(name: String, value: FieldValue) throws {
        let intake = try binary(name, value)
        let error = try #require(throws: ContractError.self) { try MessageReader().read(intake) }
        #expect(error.faults.contains { $0.pointer == "/" + name && $0.rule == "type" }, "\(error.faults)")
    }

    /// An order in binary mode, with one of its headers made another.
    private func binary(_ name: String, _ value: FieldValue) throws -> Intake {
        let text = String(decoding: try Samples.orderBody("A"), as: UTF8.self)
        let start = try #require(text.firstRange(of: "\"data\":")?.upperBound)
        var headers = FieldTable()
        for (name, value) in [
            ("specversion", "1.0"), ("id", "m-1"), ("source", "urn:test"), ("type", "order.placed.v1"),
            ("subject", "A"), ("time", "2026-03-01T12:00:00Z"), ("revision", "1"),
        ] {
            headers["cloudEvents_" + name] = .string(value)
        }
        headers["cloudEvents_" + name] = value
        return Samples.intake(
            Array(text[start...].dropLast().utf8),
            properties: .init(contentType: "application/json", headers: headers))
    }

    @Test("a fault keeps what the transport knew of the message")
    func faults() throws {
        let intake = Samples.intake(Array("{".utf8), properties: .init(messageID: "m-1", type: "order.placed.v1"))
        let error = try #require(throws: ContractError.self) { try MessageReader().read(intake) }
        let names = ContractNames(error, properties: intake.properties)
        #expect(names.id == "m-1" && names.type == "order.placed.v1" && names.subject == nil)
    }

    @Test("no bytes and no properties can stop the reader", .reportsSeed, arguments: 0..<200)
    func junk(round: Int) {
        var random = SeededRandom(round: round)
        let body = (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        let types = [
            nil, "", "application/json", "application/cloudevents+json", "text/plain; charset=latin1", "\u{0}",
        ]
        let intake = Samples.intake(
            body, properties: .init(contentType: types.randomElement(using: &random) ?? nil, contentEncoding: "x"))
        #expect(throws: ContractError.self) { try MessageReader().read(intake) }
    }

    @Test("the trace id is the second field of a traceparent of four")
    func trace() throws {
        var envelope = try Samples.message().envelope
        #expect(envelope.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        envelope.traceParent = "garbage"
        #expect(envelope.traceID == nil)
        envelope.traceParent = nil
        #expect(envelope.traceID == nil)
    }
}
