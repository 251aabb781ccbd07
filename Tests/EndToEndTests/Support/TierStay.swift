import Fleet
import FleetTesting
import Models
import RabbitMQ

/// One stay of a message in a retry tier, as the broker itself wrote it down.
struct TierStay {
    var queue: String
    /// The attempt after which it was sent there.
    var attempt: Int64
    /// How long it was to stay, in milliseconds.
    var ordered: Int64

    init?(_ delivery: Delivery) {
        let headers = delivery.properties.headers
        guard case .array(let deaths) = headers["x-death"], case .table(let death) = deaths.first,
            death["reason"]?.text == "expired", let queue = death["queue"]?.text,
            let ordered = death["original-expiration"]?.text.flatMap({ Int64($0) }),
            let attempt = headers[MessageHeader.attempt]?.integer
        else { return nil }
        (self.queue, self.attempt, self.ordered) = (queue, attempt, ordered)
    }

    /// Whether that was the tier's time, at most a tenth less.
    func honours(_ tier: String, seconds: Int64) -> Bool {
        queue == "orders.to-erp.retry.\(tier)" && (seconds * 900...seconds * 1_000).contains(ordered)
    }
}

extension Rig {
    /// A queue of this name gets a copy of whatever leaves a tier for the flow queue from now on.
    func watchTiers(as queue: String) async throws {
        try await withAdmin { admin in
            try await admin.declare(Topology.Queue(queue))
            try await admin.bind(
                .init(exchange: FleetTopology.requeueExchange, queue: queue, routingKey: "orders.to-erp"))
        }
    }

    /// The stays so far that the queue was told of, in their order.
    func stays(_ queue: String) async throws -> [TierStay] { try await peek(queue).compactMap { TierStay($0) } }
}
