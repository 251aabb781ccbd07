import Foundation
import RabbitMQ
import Testing

/// Servers with good and bad certificates, made with the openssl command; no broker is needed, because the
/// handshake comes before AMQP.
@Suite("TLS", .enabled(if: TLSServer.isPossible), .timeLimit(.minutes(1)))
struct TLSTests {
    private func error(_ server: TLSServer, authority: String? = nil, host: String = "localhost") async throws
        -> BrokerError?
    {
        let configuration = try BrokerConfiguration(
            urls: ["amqps://\(host):\(server.port)"], tls: TLSSettings(authorityFile: authority ?? server.authority),
            connectTimeout: .seconds(2))
        let admin = BrokerAdmin(configuration: configuration)
        do throws(BrokerError) {
            try await admin.connect()
            return nil
        } catch { return error }
    }

    @Test("a certificate that is trusted, valid and for the host passes; what answers then is no broker")
    func good() async throws {
        let server = try TLSServer(name: "localhost")
        #expect(try await error(server)?.code == "broker.unreachable")
    }

    @Test("a certificate of another authority is refused")
    func wrongAuthority() async throws {
        let (server, other) = (try TLSServer(name: "localhost"), try TLSServer(name: "localhost"))
        #expect(
            try await error(server, authority: other.authority)
                == .tls(reason: "the server's certificate is not trusted or not valid today"))
    }

    @Test("an expired certificate is refused")
    func expired() async throws {
        #expect(
            try await error(TLSServer(name: "localhost", days: -1))
                == .tls(reason: "the server's certificate is not trusted or not valid today"))
    }

    @Test("a certificate for another host is refused, and for an address the remedy is told")
    func wrongHost() async throws {
        let server = try TLSServer(name: "other.example")
        #expect(try await error(server) == .tls(reason: "the server's certificate is not for the host localhost"))
        let byAddress = try await error(server, host: "127.0.0.1")
        #expect(byAddress?.sentence.contains("instead of the address") == true)
    }

    @Test("a server that knows only TLS 1.1 is refused")
    func oldVersion() async throws {
        let server = try TLSServer(name: "localhost", options: ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"])
        #expect(try await error(server)?.code == "broker.tls")
    }

    @Test("files that are missing or wrong are named")
    func files() async throws {
        let server = try TLSServer(name: "localhost")
        #expect(try await error(server, authority: "/no/such/file")?.sentence.contains("/no/such/file") == true)
        #expect(try await error(server, authority: server.key)?.sentence.contains(server.key) == true)
    }

    @Test(
        "a broker is reached over TLS, and a client certificate logs in without a password",
        .enabled(if: TestBroker.tls != nil))
    func broker() async throws {
        let broker = try #require(TestBroker.tls)
        for tls in [broker.plain, broker.withCertificate] {
            let admin = BrokerAdmin(configuration: try BrokerConfiguration(urls: [broker.url], tls: tls))
            try await admin.connect()
            await admin.close()
        }
    }
}
