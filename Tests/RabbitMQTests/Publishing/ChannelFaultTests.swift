import Testing

@testable import RabbitMQ

@Suite("Finding the message that made the broker close the channel")
struct ChannelFaultTests {
    private func message(_ exchange: String, size: Int = 1) throws -> EncodedMessage {
        try EncodedMessage(OutgoingMessage(exchange: exchange, routingKey: "k", body: Array(repeating: 0, count: size)))
    }

    @Test("a missing exchange is found by its name")
    func missing() throws {
        let messages = [try message("a"), try message("b"), try message("b")]
        let error = BrokerError(channelCode: 404, text: "NOT_FOUND - no exchange 'b' in vhost '/'")
        #expect(ChannelFault.culprit(error, among: messages) == 1)
    }

    @Test("with permissions on routing keys the message with the refused key is found, or none")
    func refusedTopic() throws {
        let messages = try ["a", "b", "b"].enumerated().map { index, exchange in
            try EncodedMessage(OutgoingMessage(exchange: exchange, routingKey: "key.\(index)", body: []))
        }
        func culprit(_ text: String) -> Int? {
            ChannelFault.culprit(BrokerError(channelCode: 403, text: "ACCESS_REFUSED - " + text), among: messages)
        }
        let end = "in vhost '/' refused for user 'u'"
        #expect(culprit("access to topic 'key.2' in exchange topic 'b' \(end)") == 2)
        #expect(culprit("write access to topic 'key.2' in exchange 'b' \(end)") == 2)
        #expect(culprit("access to topic 'key.9' in exchange topic 'b' \(end)") == nil)
        #expect(culprit("access to topic 'key.0' in exchange topic 'b' \(end)") == nil)
        #expect(culprit("write access to exchange 'b' \(end)") == 1)
    }

    @Test("an oversized body is found by its size")
    func oversized() throws {
        let messages = [try message("a"), try message("a", size: 500)]
        let text = "PRECONDITION_FAILED - message size 500 is larger than configured max size 100"
        #expect(ChannelFault.culprit(BrokerError(channelCode: 406, text: text), among: messages) == 1)
    }

    @Test("a lone message is the culprit whatever the text says; among several it takes a hint")
    func unclear() throws {
        let error = BrokerError(channelCode: 406, text: "PRECONDITION_FAILED - something else")
        #expect(ChannelFault.culprit(error, among: [try message("a")]) == 0)
        #expect(ChannelFault.culprit(error, among: [try message("a"), try message("a")]) == nil)
        #expect(ChannelFault.culprit(error, among: []) == nil)
    }

    @Test("what AMQP cannot carry is refused before it is sent")
    func unsendable() throws {
        let long = String(repeating: "x", count: 256)
        for message in [
            OutgoingMessage(exchange: long, routingKey: "", body: []),
            OutgoingMessage(exchange: "", routingKey: long, body: []),
            OutgoingMessage(exchange: "", routingKey: "", properties: MessageProperties(messageID: long), body: []),
            OutgoingMessage(
                exchange: "", routingKey: "",
                properties: MessageProperties(headers: ["h": .string(String(repeating: "x", count: 140_000))]), body: []
            ),
        ] {
            #expect(throws: BrokerError.self) { try EncodedMessage(message) }
        }
    }
}
