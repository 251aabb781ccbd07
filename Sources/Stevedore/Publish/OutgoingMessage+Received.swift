internal import Fleet
internal import Models
internal import RabbitMQ

extension OutgoingMessage {
    /// A checked message on its way into the fleet: the body byte for byte, the properties mirroring its envelope.
    init(_ received: Received, body: [UInt8], user: String?) {
        let envelope = received.envelope
        var headers: FieldTable = [
            "cloudEvents_subject": .string(envelope.subject), "cloudEvents_revision": .int64(envelope.revision),
        ]
        if let traceParent = envelope.traceParent { headers["traceparent"] = .string(traceParent) }
        self.init(
            exchange: FleetTopology.exchange, routingKey: received.type.name,
            properties: MessageProperties(
                contentType: IncomingMessage.structured, headers: headers, messageID: envelope.id.fitting,
                timestamp: UInt64(clamping: envelope.time.microseconds / 1_000_000), type: received.type.name,
                userID: user, appID: envelope.source.fitting),
            body: body)
    }
}

extension String {
    /// Itself when it fits an AMQP short string; the envelope has it in full anyway.
    fileprivate var fitting: String? { utf8.count <= 255 ? self : nil }
}

extension BrokerConfiguration {
    /// The user that every endpoint logs in with: the broker checks `user-id` against it.
    var commonUser: String? {
        let users = Set(
            endpoints.map { endpoint in
                if case .plain(let user, _) = endpoint.authentication { user } else { nil as String? }
            })
        return users.count == 1 ? users.first ?? nil : nil
    }
}
