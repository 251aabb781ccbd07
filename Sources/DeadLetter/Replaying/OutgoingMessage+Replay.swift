internal import Fleet
internal import Models
internal import RabbitMQ

extension OutgoingMessage {
    /// The copy that goes back to the flow, or to where it came in when no queue wanted it: the body byte for byte, a fresh start, and who sent it back.
    ///
    /// The broker's death records go, or it would drop the message as a cycle; so do the marks of the failure. The time
    /// of the first failure stays, because the story goes on.
    init(replaying letter: Letter, _ order: ReplayOrder, at now: Timestamp) {
        self.init(replaying: letter, order, sentAt: now.description)
    }

    /// - Parameter time: as copies say it; many have the same.
    init(replaying letter: Letter, _ order: ReplayOrder, sentAt time: String) {
        var properties = letter.properties
        let kept = properties.headers.entries.filter {
            !Self.marks.contains($0.name) && !MessageHeader.isDropped($0.name)
        }
        properties.headers = FieldTable(
            kept + Self.producer(of: properties) + [
                (MessageHeader.replayedBy, .string(order.by)), (MessageHeader.replayReason, .string(order.reason)),
                (MessageHeader.replayedAt, .string(time)),
            ])
        properties.expiration = nil
        // The broker checks user-id against our own user.
        properties.userID = nil
        properties.deliveryMode = 2
        switch letter.source {
        case .dead(let flow):
            self.init(
                exchange: FleetTopology.requeueExchange, routingKey: flow, properties: properties, body: letter.body)
        case .unrouted:
            self.init(
                exchange: FleetTopology.exchange, routingKey: letter.routingKey, properties: properties,
                body: letter.body)
        }
    }

    /// Who published it, as the broker had verified; of what the broker itself set aside no worker has kept that.
    private static func producer(of properties: MessageProperties) -> [(name: String, value: FieldValue)] {
        guard let user = properties.userID, properties.headers[MessageHeader.producerUser] == nil else { return [] }
        return [(MessageHeader.producerUser, .string(user))]
    }

    private static let marks: Set<String> = [
        MessageHeader.attempt, MessageHeader.lastFailedAt, MessageHeader.code, MessageHeader.category,
        MessageHeader.sentence, MessageHeader.remedy, MessageHeader.faults, MessageHeader.fingerprint,
        MessageHeader.worker, MessageHeader.originQueue, MessageHeader.originExchange, MessageHeader.originKey,
        MessageHeader.replayedBy, MessageHeader.replayReason, MessageHeader.replayedAt,
    ]
}
