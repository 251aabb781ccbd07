import Glibc
public import Testing

/// A private RabbitMQ for tests: the one that `scripts/test` started and all tests share, or one of a test's own.
///
/// Tests that share it take a virtual host each (``withVirtualHost(_:)``). Whoever stops, kills or alarms the broker
/// takes one of their own (``withOwn(nodes:tls:_:)``).
public struct TestBroker: Sendable {
    /// `amqp://guest:guest@127.0.0.1:<port>`, of the first node.
    public var url: String { urls[0] }
    /// The URLs of all nodes.
    public let urls: [String]
    /// `amqps://guest:guest@localhost:<port>`, when the broker listens for TLS.
    public let secureURL: String?
    /// The certificates that belong to ``secureURL``.
    public let certificates: TestCertificates?
    /// What `scripts/broker` takes as `--dir`.
    public let directory: String

    static var script: String { "\(BuiltProducts.checkout)/scripts/broker" }

    /// The broker that all tests of this run share, or how to have one.
    public static let shared: Result<TestBroker, TestingError> = {
        guard let url = variable("STEVEDORE_TEST_AMQP_URL"), let directory = variable("STEVEDORE_TEST_BROKER_DIR")
        else {
            return .failure(.missing("this test needs a broker: run it with scripts/test --filter …"))
        }
        return .success(
            TestBroker(
                urls: [url], secureURL: variable("STEVEDORE_TEST_AMQPS_URL"),
                certificates: variable("STEVEDORE_TEST_CERTIFICATES").map { TestCertificates(directory: $0) },
                directory: directory))
    }()

    /// Lends a virtual host of the shared broker for the time of the body.
    public static func withVirtualHost<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: (VirtualHost) async throws -> Result
    ) async throws -> Result {
        try await shared.get().withVirtualHost(body)
    }

    /// Lends a new virtual host of this broker for the time of the body; it costs some hundredths of a second.
    public func withVirtualHost<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: (VirtualHost) async throws -> Result
    ) async throws -> Result {
        let host = VirtualHost(name: "test-\(randomName())", broker: self)
        try await evaluate(
            """
            rabbit_vhost:add(\(erlang(host.name)), <<"tests">>), rabbit_auth_backend_internal:set_permissions(
              <<"guest">>, \(erlang(host.name)), <<".*">>, <<".*">>, <<".*">>, <<"tests">>), ok.
            """)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(host)) } catch { result = .failure(error) }
        // The broker may be gone by now, and the host with it: that is not this test's failure.
        _ = try? await evaluate(
            """
            [rabbit_auth_backend_internal:delete_user(U, <<"tests">>) || [{user, U} | _] <-
              rabbit_auth_backend_internal:list_users(), lists:prefix(\(erlangText(host.name)), binary_to_list(U))],
            catch rabbit_vhost:delete(\(erlang(host.name)), <<"tests">>), ok.
            """)
        return try result.get()
    }

    /// Runs an Erlang expression (ending in a full stop) in the broker, and returns its value as Erlang writes it.
    @discardableResult
    public func evaluate(_ expression: String, node: Int = 1) async throws -> String {
        let line = expression.replacing("\n", with: " ")
        let answer = try await ChildProcess.run(
            Self.script, arguments: ["eval", "--dir", directory, "--node", "\(node)", "--", line], within: .seconds(30))
        guard answer.hasPrefix("{ok, "), answer.hasSuffix("}") else {
            throw TestingError.commandFailed(command: line, status: .exited(1), output: answer)
        }
        return String(answer.dropFirst(5).dropLast())
    }

    /// Runs `rabbitmqctl` and returns what it says.
    @discardableResult
    public func control(_ arguments: String..., node: Int = 1) async throws -> String {
        try await ChildProcess.run(
            Self.script, arguments: ["ctl", "--dir", directory, "--node", "\(node)", "--", "-q"] + arguments)
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The URL with another user and password.
    static func url(_ url: String, user: String, password: String) -> String {
        guard let scheme = url.firstRange(of: "://"), let at = url.lastIndex(of: "@") else { return url }
        return "\(url[..<scheme.upperBound])\(user):\(password)\(url[at...])"
    }

    /// The user and the password that a URL names.
    static func credentials(of url: String) -> (user: String, password: String)? {
        guard let scheme = url.firstRange(of: "://"), let at = url.lastIndex(of: "@") else { return nil }
        let parts = url[scheme.upperBound..<at].split(separator: ":", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    /// The user that a URL names.
    static func user(of url: String) -> String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        return url[scheme.upperBound...].split(separator: ":", maxSplits: 1).first.map(String.init)
    }
}

/// Certificates made by `scripts/certificates`; paths of PEM files.
public struct TestCertificates: Sendable {
    /// Where they lie.
    public let directory: String
    /// The authority that signed the broker's certificate.
    public var authority: String { "\(directory)/ca.pem" }
    /// An authority that signed nothing of the broker's.
    public var strangeAuthority: String { "\(directory)/stranger-ca.pem" }
    /// Lets `stevedore-client` in by SASL EXTERNAL.
    public var client: String { "\(directory)/client.pem" }
    /// The key of ``client``.
    public var clientKey: String { "\(directory)/client.key" }
}

extension Trait where Self == ConditionTrait {
    /// The test is skipped when the run has no broker: a plain `swift test` shows what needs none.
    public static var needsBroker: Self {
        .enabled("needs a broker: scripts/test provides one") {
            if case .success = TestBroker.shared { true } else { false }
        }
    }
}
