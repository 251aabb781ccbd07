internal import Fleet
internal import RabbitMQ

extension OutgoingMessage {
    /// A letter on its way back into its queue: body, properties and headers as they were, but for what the broker
    /// would act on: a time to live, which would throw the letter away; routing keys for further copies; a place for
    /// replies that only its consumer may name; and a user who is not this connection's own, who stays in a header of
    /// the fleet.
    init(importing letter: Letter, user: String?) {
        var properties = letter.properties
        for name in ["CC", "BCC"] { properties.headers[name] = nil }
        if let producer = properties.userID, producer != user {
            let header = MessageHeader.producerUser
            properties.headers[header] = properties.headers[header] ?? .string(producer)
            properties.userID = nil
        }
        if properties.replyTo?.hasPrefix("amq.rabbitmq.reply-to") == true { properties.replyTo = nil }
        properties.expiration = nil
        let exchange =
            letter.source == .unrouted ? FleetTopology.unroutedExchange : FleetTopology.deadExchange
        let key = letter.source == .unrouted ? letter.routingKey : letter.source.queue
        self.init(exchange: exchange, routingKey: key, properties: properties, body: letter.body)
    }
}

extension BrokerConfiguration {
    /// The user that every endpoint logs in with: the broker takes no other `user-id`.
    var importingUser: String? {
        let users = Set(
            endpoints.map { endpoint in
                if case .plain(let user, _) = endpoint.authentication { user } else { nil as String? }
            })
        return users.count == 1 ? users.first ?? nil : nil
    }
}
