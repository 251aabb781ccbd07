import Foundation
import Testing

@testable import RabbitMQ

/// Servers with good and bad certificates, made with the openssl command; no broker is needed, because the
/// handshake comes before AMQP.
@Suite("TLS", .enabled(if: TLSServer.isPossible), .timeLimit(.minutes(1)))
struct TLSTests {
    private func error(
        _ server: TLSServer, authority: String? = nil, host: String = "localhost", key: String? = nil
    ) async throws -> BrokerError? {
        let tls = TLSSettings(
            authorityFile: authority ?? server.authority, certificateFile: key.map { _ in server.certificate },
            keyFile: key)
        return try await error("amqps://\(host):\(server.port)", tls)
    }

    private func error(_ url: String, _ tls: TLSSettings) async throws -> BrokerError? {
        let configuration = try BrokerConfiguration(urls: [url], tls: tls, connectTimeout: .seconds(5))
        let admin = try BrokerAdmin(configuration: configuration)
        do throws(BrokerError) {
            try await admin.connect()
            return nil
        } catch { return error }
    }

    @Test("a certificate that is trusted, valid and for the host passes; what answers then is no broker")
    func good() async throws {
        let server = try await TLSServer.start(name: "localhost")
        #expect(try await error(server)?.code == "broker.unreachable")
    }

    @Test("a certificate of another authority is refused")
    func wrongAuthority() async throws {
        let server = try await TLSServer.start(name: "localhost")
        let other = try await TLSServer.start(name: "localhost")
        #expect(
            try await error(server, authority: other.authority)
                == .tls(reason: "the server's certificate is not trusted or not valid today"))
    }

    @Test("an expired certificate is refused")
    func expired() async throws {
        #expect(
            try await error(TLSServer.start(name: "localhost", days: -1))
                == .tls(reason: "the server's certificate is not trusted or not valid today"))
    }

    @Test("a certificate for another host is refused, and for an address the remedy is told")
    func wrongHost() async throws {
        let server = try await TLSServer.start(name: "other.example")
        #expect(try await error(server) == .tls(reason: "the server's certificate is not for the host localhost"))
        let byAddress = try await error(server, host: "127.0.0.1")
        #expect(byAddress?.sentence.contains("instead of the address") == true)
    }

    @Test("a server that knows only TLS 1.1 is refused")
    func oldVersion() async throws {
        let server = try await TLSServer.start(
            name: "localhost", options: ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"])
        let error = try await error(server)
        #expect(error?.code == "broker.tls")
        #expect(
            error?.sentence.contains("a common TLS version is missing (1.2 or later)") == true,
            "\(error?.sentence ?? "")")
        // Whoever puts up with TLS 1.1 gets it there, so the refusal is ours; who does not is refused as we are.
        #expect(try await server.greets(["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]))
        #expect(try await !server.greets(["-tls1_2"]))
    }

    @Test("files that are missing or wrong are named")
    func files() async throws {
        let server = try await TLSServer.start(name: "localhost")
        #expect(try await error(server, authority: "/no/such/file")?.sentence.contains("/no/such/file") == true)
        #expect(try await error(server, authority: server.key)?.sentence.contains(server.key) == true)
    }

    @Test("an encrypted key is named, and nobody is asked for its password")
    func lockedKey() async throws {
        let server = try await TLSServer.start(name: "localhost")
        let error = try await error(server, key: server.lockedKey)
        #expect(error?.code == "broker.tls")
        #expect(error?.sentence.contains(server.lockedKey) == true)
        #expect(error?.sentence.contains("unencrypted") == true)
    }

    @Test("a client certificate that is missing or not trusted is told as that", arguments: [true, false])
    func refusedCertificate(isMissing: Bool) async throws {
        let options = ["-Verify", "1", "-verify_return_error", "-tls1_3"]
        let server = try await TLSServer.start(name: "localhost", options: options)
        let error = try await error(server, key: isMissing ? nil : server.key)
        #expect(error?.code == "broker.tls")
        #expect(error?.sentence.contains("client certificate") == true, "\(error?.sentence ?? "")")
    }

    @Test("a peer that hangs up during the handshake may come back, so it is unreachable and no fault of certificates")
    func hangUp() async throws {
        let relay = try Relay(to: 1)
        relay.refuse(true)
        let server = try await TLSServer.start(name: "localhost")
        let tls = TLSSettings(authorityFile: server.authority)
        let error = try await error("amqps://localhost:\(relay.port)", tls)
        #expect(error?.code == "broker.unreachable", "\(error?.sentence ?? "")")
        relay.stop()
    }

    @Test("a broker is reached over TLS with a password", .enabled(if: TestBroker.tls != nil))
    func password() async throws {
        let broker = try #require(TestBroker.tls)
        let tls = TLSSettings(authorityFile: "\(broker.certificates)/ca.pem")
        #expect(try await error(broker.url, tls) == nil)
        // Without a certificate there is nothing that SASL EXTERNAL could go by.
        let bare = try #require(broker.url.split(separator: "@").last)
        #expect(try await error("amqps://\(bare)?auth_mechanism=external", tls) == .loginRefused)
    }

    @Test(
        "a client certificate logs in without a password, publishes and consumes (SASL EXTERNAL)",
        .enabled(if: TestBroker.tls != nil))
    func external() async throws {
        let broker = try #require(TestBroker.tls)
        let bare = try #require(broker.url.split(separator: "@").last)
        let directory = broker.certificates
        let tls = TLSSettings(
            authorityFile: "\(directory)/ca.pem", certificateFile: "\(directory)/client.pem",
            keyFile: "\(directory)/client.key")
        let configuration = try BrokerConfiguration(urls: ["amqps://\(bare)"], tls: tls)
        #expect(configuration.authentication(for: configuration.endpoints[0]) == .external)
        try await TestBroker.withQueue { queue, _ in
            let publisher = try Publisher(configuration: configuration)
            let consumer = try Consumer(configuration: configuration, queue: queue, prefetch: 1)
            try await publisher.start()
            try await consumer.start()
            // The broker compares this property with the user it logged in: it must be the certificate's common name.
            let mine = MessageProperties(userID: "stevedore-client")
            let outcomes = await publisher.publish([TestBroker.message(to: queue, "by certificate", properties: mine)])
            #expect(outcomes == [.confirmed])
            let delivery = try #require(await consumer.take(1).first)
            #expect(delivery.text == "by certificate")
            await consumer.settle([.ack(delivery.tag)])
            await consumer.close()
            await publisher.close()
        }
    }
}
