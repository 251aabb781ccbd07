import Fleet
import FleetTesting
import Models
import RabbitMQ

/// A queue of a test's own that gets a copy of everything the store is told.
struct MessageTap {
    private static let types = Catalogue.types.filter { $0.direction == .toStore }

    private let rig: Rig
    private let queue: String

    /// Of what is told from now on.
    static func open(_ rig: Rig) async throws -> MessageTap {
        let queue = "tap-\(MessageID.next())"
        try await rig.withAdmin { admin in
            try await admin.declare(Topology.Queue(queue))
            for type in types {
                try await admin.bind(
                    .init(exchange: FleetTopology.exchange, queue: queue, routingKey: type.name))
            }
        }
        return MessageTap(rig: rig, queue: queue)
    }

    /// What has come since the last time, as copies for the queue where it is handled: that way they miss the tap.
    func drain() async throws -> [OutgoingMessage] {
        let queue = queue
        return try await rig.withAdmin { admin in
            var copies: [OutgoingMessage] = []
            var taken: [Settlement] = []
            while let delivery = try await admin.get(queue: queue) {
                taken.append(.ack(delivery.tag))
                guard let type = Catalogue.type(named: delivery.routingKey) else { continue }
                let message = OutgoingMessage(
                    exchange: delivery.exchange, routingKey: delivery.routingKey, properties: delivery.properties,
                    body: delivery.body.bytes)
                copies.append(message.copied(to: type.queue))
            }
            try await admin.settle(taken)
            return copies
        }
    }

    func close() async throws {
        let queue = queue
        try await rig.withAdmin { try await $0.delete(queue: queue) }
    }
}

extension OutgoingMessage {
    /// The same message once more, straight into one flow's queue.
    func copied(to flow: String) -> OutgoingMessage {
        OutgoingMessage(
            exchange: FleetTopology.requeueExchange, routingKey: flow, properties: properties, body: body)
    }
}
