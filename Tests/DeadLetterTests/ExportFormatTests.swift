import Fleet
import FleetTesting
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

@Suite("The form in which letters travel")
struct ExportFormatTests {
    private func exchanged(_ message: OutgoingMessage) throws -> Letter {
        let delivery = Delivery(
            tag: DeliveryTag(epoch: 1, value: 1), exchange: message.exchange, routingKey: message.routingKey,
            properties: message.properties, body: message.body)
        let letter = Letter(delivery, source: .dead(flow: "orders.to-erp"), reader: MessageReader())
        let line = ExchangedLetter.line(letter).compact
        #expect(!line.utf8.contains(0x0A) && !line.utf8.contains(0x0D))
        return try ExchangedLetter(reading: try JSONValue(line: Array(line.utf8))).letter(MessageReader())
    }

    @Test("bodies come back byte for byte", arguments: Hostile.bodies.indices)
    func body(_ index: Int) throws {
        let body = Hostile.bodies[index]
        let back = try exchanged(try ExportDesk.letter(1, body: body))
        let isSame = back.body == body
        #expect(isSame)
    }

    @Test("headers come back as the types and bytes that they were, in their order")
    func headers() throws {
        let message = try ExportDesk.letter(1, FieldTable(Hostile.headers.entries + Hostile.numbers.entries))
        let back = try exchanged(message)
        #expect(Hostile.text(back.properties.headers) == Hostile.text(message.properties.headers))
    }

    @Test("all properties come back")
    func properties() throws {
        var message = try ExportDesk.letter(1)
        message.properties = MessageProperties(
            contentType: "", contentEncoding: "gzip", headers: message.properties.headers, deliveryMode: 1,
            priority: 255, correlationID: "c\0", replyTo: "r", expiration: "5000", messageID: "m", timestamp: .max,
            type: "t",
            userID: "u", appID: "a")
        let back = try exchanged(message)
        #expect(back.properties == message.properties)
    }

    @Test("the broker's own counts of looks are no part of a letter")
    func counts() throws {
        let back = try exchanged(try ExportDesk.letter(1, ["x-delivery-count": 3, "x-acquired-count": 4]))
        let headers = back.properties.headers
        #expect(headers["x-delivery-count"] == nil && headers["x-acquired-count"] == nil)
    }

    @Test(
        "a line that says nothing certain is refused",
        arguments: [
            "", "{", "{} {}", #"{"queue":"orders.to-erp.dead"}"#, #"{"queue":"orders.to-mars.dead","body":""}"#,
            #"{"queue":"orders.to-erp.dead","body":1}"#, #"{"queue":"orders.to-erp.dead","bodyBase64":"?"}"#,
            #"{"queue":"orders.to-erp.dead","body":"","bodyBase64":""}"#,
            #"{"queue":"orders.to-erp.dead","body":"","body":"x"}"#,
            #"{"queue":"orders.to-erp.dead","body":"\ud800"}"#, #"{"queue":"orders.to-erp.dead","body":"\x"}"#,
            #"{"queue":"orders.to-erp.dead","body":"","headers":{"a":{"int8":300}}}"#,
            #"{"queue":"orders.to-erp.dead","body":"","headers":{"a":{"int8":1,"int16":1}}}"#,
            #"{"queue":"orders.to-erp.dead","body":"","headers":{"a":{"money":1}}}"#,
            #"{"queue":"orders.to-erp.dead","body":"","headers":{"a":1.5}}"#,
            #"{"queue":"orders.to-erp.dead","body":"","headers":[["a"]]}"#,
            #"{"queue":"orders.to-erp.dead","body":"","properties":{"priority":256}}"#,
            #"{"queue":"orders.to-erp.dead","body":"","properties":{"colour":"red"}}"#,
        ])
    func refused(_ line: String) {
        #expect(throws: LineFault.self) {
            try ExchangedLetter(reading: try JSONValue(line: Array(line.utf8))).letter(MessageReader())
        }
    }

    @Test("headers that AMQP cannot carry, and bodies above the limit, are refused")
    func tooLarge() throws {
        let long = String(repeating: "n", count: 129)
        let line = #"{"queue":"orders.to-erp.dead","body":"12345","headers":{"\#(long)":1}}"#
        let json = try JSONValue(line: Array(line.utf8))
        #expect(throws: LineFault.self) { try ExchangedLetter(reading: json).letter(MessageReader()) }
        #expect(throws: LineFault.self) { try ExchangedLetter(reading: json, largestBody: 4) }
        _ = try ExchangedLetter(reading: json, largestBody: 5)
    }

    @Test("escapes of every kind are read")
    func escapes() throws {
        let text = #" ["\ud83d\ude00\u00E9\/\b\f\n\r\t\"\\", -0, 9223372036854775807, null] "#
        let json = try JSONValue(line: Array(text.utf8))
        #expect(json == .array([.string("\u{1F600}\u{E9}/\u{8}\u{C}\n\r\t\"\\"), 0, .integer(.max), .null]))
        #expect(throws: LineFault.self) { try JSONValue(line: Array("9223372036854775808".utf8)) }
        #expect(throws: LineFault.self) { try JSONValue(line: [0x22, 0xFF, 0x22]) }
        #expect(throws: LineFault.self) { try JSONValue(line: [0x22, 0x0A, 0x22]) }
        #expect(throws: LineFault.self) { try JSONValue(line: Array(repeating: UInt8(ascii: "["), count: 100_000)) }
    }

    @Test("on the way back, nothing that would make the broker drop, copy or refuse a letter is left")
    func outgoing() throws {
        var message = try ExportDesk.letter(
            1, ["CC": .array(["orders.to-store.dead"]), "BCC": .array(["x"]), "kept": 1])
        message.properties.expiration = "1"
        message.properties.userID = "store"
        message.properties.replyTo = "amq.rabbitmq.reply-to.g1"
        let copy = OutgoingMessage(importing: try exchanged(message), user: "anna")
        let headers = copy.properties.headers
        #expect(copy.exchange == "commerce.dead" && copy.routingKey == ExportDesk.queue)
        #expect(headers["CC"] == nil && headers["BCC"] == nil && headers["kept"] == 1)
        #expect(copy.properties.expiration == nil && copy.properties.replyTo == nil && copy.properties.userID == nil)
        #expect(headers["stevedore-producer-user"] == "store")
        let own = OutgoingMessage(importing: try exchanged(message), user: "store")
        #expect(own.properties.userID == "store")
    }
}
