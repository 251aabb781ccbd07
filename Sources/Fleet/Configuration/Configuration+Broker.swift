public import RabbitMQ

extension BrokerConfiguration {
    /// The broker settings of a program; every wrong one is named.
    public init(_ configuration: Configuration, connectionName: String) throws(BrokerError) {
        let tls = TLSSettings(
            authorityFile: configuration.amqpCA, certificateFile: configuration.amqpCertificate,
            keyFile: configuration.amqpKey)
        try self.init(
            urls: configuration.amqpURLs, tls: tls, connectionName: String(connectionName.prefix(100)),
            heartbeat: configuration.amqpHeartbeat, connectTimeout: configuration.amqpConnectTimeout)
    }
}
