import Testing

@testable import RabbitMQ

@Suite("Broker errors")
struct BrokerErrorTests {
    private static let all: [BrokerError] = [
        .unreachable(host: "h:1", reason: "refused"), .loginRefused, .accessRefused("x"), .vhostMissing,
        .tls(reason: "x"), .connectionLost("x"), .connectionClosed(code: 320, "x"), .channelClosed(code: 405, "x"),
        .notFound("x"), .preconditionFailed("x"), .timedOut(operation: "x"), .invalidConfiguration(["x"]), .stopped,
    ]

    @Test("every error has its own code, a sentence and a remedy")
    func explained() {
        #expect(Set(Self.all.map(\.code)).count == Self.all.count)
        for error in Self.all {
            #expect(error.code.hasPrefix("broker."))
            #expect(error.sentence.hasSuffix(".") && error.remedy.hasSuffix("."))
        }
    }

    @Test("the broker's reply codes become errors")
    func replyCodes() {
        #expect(
            BrokerError(channelCode: 404, text: "NOT_FOUND - no queue 'q' in vhost '/'")
                == .notFound("no queue 'q' in vhost '/'"))
        #expect(BrokerError(channelCode: 403, text: "ACCESS_REFUSED - no") == .accessRefused("no"))
        #expect(BrokerError(channelCode: 406, text: "") == .preconditionFailed(""))
        #expect(BrokerError(channelCode: 405, text: "locked").recovery == .reopenChannel)
        #expect(AMQPHandle.duringLogin(.connectionClosed(code: 403, "")) == .loginRefused)
        #expect(
            AMQPHandle.duringLogin(.connectionClosed(code: 530, "NOT_ALLOWED - vhost x not found")) == .vhostMissing)
        #expect(AMQPHandle.duringLogin(.connectionClosed(code: 530, "refused")) == .accessRefused("refused"))
        let limit = BrokerError.connectionClosed(code: 530, "NOT_ALLOWED - connection limit (10) is reached")
        #expect(AMQPHandle.duringLogin(limit) == limit && limit.recovery == .reconnect)
        let late = BrokerError(
            channelCode: 406, text: "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out")
        #expect(late.recovery == .reopenChannel)
        #expect(late.sentence.contains("in hand for longer") && late.remedy.contains("consumer_timeout"))
        #expect(AMQPHandle.duringLogin(.connectionClosed(code: 320, "shut")).recovery == .reconnect)
    }

    @Test("what TLS says becomes a reason that a person can act on")
    func alerts() {
        for (reason, text) in [(1042, "refuses the client certificate"), (1116, "wants a client"), (1040, "alert 40")] {
            #expect(AMQPHandle.tlsFault(reason).sentence.contains(text))
        }
        #expect(AMQPHandle.tlsFault(267).sentence.contains("no TLS port"))
    }

    @Test("versions are compared by number")
    func versions() throws {
        let old = try #require(ServerVersion("3.10.8"))
        let new = try #require(ServerVersion("4.3.0-rc.1"))
        #expect(old < new)
        #expect(try #require(ServerVersion("3.9.1")) < old)
        #expect(old.description == "RabbitMQ 3.10.8")
        for text in ["", "x", "3.x.1", "-1", "3.10.8.9.1"] { #expect(ServerVersion(text) == nil) }
        #expect(ServerVersion(serverProperties: ["version": "4.1.2", "product": "RabbitMQ"]).minor == 1)
        #expect(ServerVersion(serverProperties: FieldTable()).major == 0)
    }
}
