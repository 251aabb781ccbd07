/// Where the broker is and how to talk to it. Its description never shows a password.
public struct BrokerConfiguration: Sendable, CustomStringConvertible {
    /// The brokers in the order in which they are tried.
    public let endpoints: [BrokerURL]
    /// Files for `amqps`.
    public let tls: TLSSettings
    /// The name that the broker's tools show for the connection.
    public let connectionName: String
    /// Heartbeat interval; a silent peer is noticed after two of them.
    public let heartbeat: Duration
    /// Limit for making one TCP connection and logging in, each.
    public let connectTimeout: Duration
    /// Limit for one request to the broker, and for one blocked write.
    public let operationTimeout: Duration
    /// Pauses between attempts to connect.
    public let backoff: Backoff

    /// Checks everything at once; throws `invalidConfiguration` with every fault.
    public init(
        urls: [String], tls: TLSSettings? = nil, connectionName: String = "stevedore",
        heartbeat: Duration = .seconds(10), connectTimeout: Duration = .seconds(5),
        operationTimeout: Duration = .seconds(10), backoff: Backoff = Backoff()
    ) throws(BrokerError) {
        var faults: [String] = urls.isEmpty ? ["no broker URL is given"] : []
        var endpoints: [BrokerURL] = []
        for (index, url) in urls.enumerated() {
            do throws(BrokerURL.Fault) { endpoints.append(try BrokerURL(url)) } catch {
                faults.append(urls.count == 1 ? error.sentence : "broker URL \(index + 1): \(error.sentence)")
            }
        }
        faults += tls?.faults ?? []
        faults += Self.faults(heartbeat, connectTimeout, operationTimeout, backoff)
        if connectionName.utf8.count > 200 { faults.append("connectionName has at most 200 bytes") }
        guard faults.isEmpty else { throw .invalidConfiguration(faults) }
        self.endpoints = endpoints
        self.tls = tls ?? TLSSettings()
        self.connectionName = connectionName
        self.heartbeat = heartbeat
        self.connectTimeout = connectTimeout
        self.operationTimeout = operationTimeout
        self.backoff = backoff
    }

    /// Longer times than an hour have no use, and some clocks of the system cannot hold them.
    private static func faults(
        _ heartbeat: Duration, _ connectTimeout: Duration, _ operationTimeout: Duration, _ backoff: Backoff
    ) -> [String] {
        var faults: [String] = []
        if heartbeat < .seconds(1) || heartbeat > .seconds(3600) { faults.append("heartbeat is from 1 s to 3600 s") }
        for (name, limit) in [("connectTimeout", connectTimeout), ("operationTimeout", operationTimeout)]
        where limit < .milliseconds(1) || limit > .seconds(3600) {
            faults.append("\(name) is from 1 ms to 3600 s")
        }
        if backoff.maximum > .seconds(3600) { faults.append("the longest pause is at most 3600 s") }
        return faults
    }

    /// The endpoints without passwords.
    public var description: String { endpoints.map(\.description).joined(separator: ", ") }

    /// The user of the URL; without one the client certificate, and without that the broker's default user.
    func authentication(for endpoint: BrokerURL) -> BrokerURL.Authentication {
        if let named = endpoint.authentication { return named }
        let hasCertificate = endpoint.isSecure && tls.certificateFile != nil
        return hasCertificate ? .external : .plain(user: "guest", password: "guest")
    }
}
