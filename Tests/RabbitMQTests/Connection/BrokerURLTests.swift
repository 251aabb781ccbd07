import Testing

@testable import RabbitMQ

@Suite("Broker URLs")
struct BrokerURLTests {
    @Test("every part is read, percent-encoding included")
    func whole() throws {
        let url = try BrokerURL("amqps://us%40er:p%2Fw%3Ad@broker.example:1234/my%2Fhost")
        #expect(url.isSecure)
        #expect(url.host == "broker.example")
        #expect(url.port == 1234)
        #expect(url.vhost == "my/host")
        #expect(url.authentication == .plain(user: "us@er", password: "p/w:d"))
    }

    @Test("what is left out has its default")
    func defaults() throws {
        let url = try BrokerURL("amqp://localhost")
        #expect(url.port == 5672)
        #expect(url.vhost == "/")
        #expect(url.authentication == nil)
        #expect(try BrokerURL("amqps://localhost").port == 5671)
        #expect(try BrokerURL("amqp://localhost/").vhost == "/")
        #expect(try BrokerURL("amqp://localhost/%2f").vhost == "/")
        #expect(try BrokerURL("AMQP://[::1]:5673").host == "::1")
        #expect(try BrokerURL("amqps://h?auth_mechanism=external").authentication == .external)
    }

    @Test(
        "a wrong URL is explained without showing the password",
        arguments: [
            ("http://u:secret@h", "amqp://"), ("localhost", "amqp://"), ("", "amqp://"),
            ("amqp://u:secret@", "no host"), ("amqp://", "no host"), ("amqp://u:secret@h:0", "1 to 65535"),
            ("amqp://u:secret@h:99999", "1 to 65535"), ("amqp://u:secret@h:5x", "1 to 65535"),
            ("amqp://u:secret%zz@h", "percent"), ("amqp://u:secret%f@h", "percent"),
            ("amqp://u:secret%00@h", "percent"),
            ("amqp://u:secret@h/a/b", "%2F"), ("amqp://u:secret@h/%ff", "percent"), ("amqp://:secret@h", "no user"),
            ("amqp://[::1", "bracket"), ("amqp://[::1]x", "after the IPv6"), ("amqp://u:secret@h?x=1", "unknown"),
            ("amqp://u:secret@h?auth_mechanism=magic", "plain nor external"),
            ("amqp://u:secret/more@h", "%2F"), ("amqp://u:5672/secret@h/v", "%2F"), ("amqp://u:x?secret@h", "%2F"),
            ("amqp://u@h/v?x@secret=1", "%2F"), ("amqp://h?secret=1", "unknown"),
            ("amqp://h?auth_mechanism=secret", "plain nor external"),
        ])
    func wrong(text: String, expected: String) {
        let fault = #expect(throws: BrokerURL.Fault.self) { try BrokerURL(text) }
        #expect(fault?.sentence.contains(expected) == true, "\(fault?.sentence ?? "")")
        #expect(fault?.sentence.contains("secret") == false)
    }

    @Test("descriptions hide the password")
    func redaction() throws {
        let configuration = try BrokerConfiguration(urls: ["amqp://u:secret@h/v", "amqps://u:secret@[::1]"])
        #expect(configuration.description == "amqp://u:***@h:5672/v, amqps://u:***@[::1]:5671/")
        #expect(!"\(configuration)".contains("secret"))
    }

    @Test("a configuration names every fault at once")
    func faults() {
        let error = #expect(throws: BrokerError.self) {
            try BrokerConfiguration(
                urls: ["http://a", "amqp://b:x"], tls: TLSSettings(certificateFile: "c"), heartbeat: .zero)
        }
        guard case .invalidConfiguration(let faults) = error else {
            Issue.record("another error was expected")
            return
        }
        #expect(faults.count == 4)
        #expect(BrokerError.invalidConfiguration(faults).sentence.contains("broker URL 2"))
    }

    @Test("limits that no clock can hold are refused")
    func bounds() {
        let absurd = Duration.seconds(Int64.max / 2)
        let error = #expect(throws: BrokerError.self) {
            try BrokerConfiguration(
                urls: ["amqp://h"], heartbeat: absurd, connectTimeout: absurd, operationTimeout: absurd,
                backoff: Backoff(initial: absurd, maximum: absurd))
        }
        guard case .invalidConfiguration(let faults) = error else {
            Issue.record("another error was expected")
            return
        }
        #expect(faults.count == 4)
    }

    @Test("a client certificate without a user means SASL EXTERNAL, nothing at all means the default user")
    func authentication() throws {
        let certificate = TLSSettings(certificateFile: "c", keyFile: "k")
        let with = try BrokerConfiguration(urls: ["amqps://h", "amqps://u:p@h", "amqp://h"], tls: certificate)
        #expect(
            with.endpoints.map { with.authentication(for: $0) } == [
                .external, .plain(user: "u", password: "p"), .plain(user: "guest", password: "guest"),
            ])
    }

    @Test("random text never traps", arguments: 0..<50)
    func fuzz(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let alphabet = Array("amqps:/@[]?%=&.0129abFé\u{0}")
        for _ in 0..<200 {
            let tail = (0..<Int.random(in: 0..<20, using: &random)).compactMap { _ in
                alphabet.randomElement(using: &random)
            }
            _ = try? BrokerURL("amqp://" + String(tail))
            _ = try? BrokerURL(String(tail))
        }
    }
}
