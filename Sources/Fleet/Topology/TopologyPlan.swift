public import RabbitMQ

/// Exchanges, queues and bindings, as data in one place: what `stevedore topology` applies, checks and exports.
public struct TopologyPlan: Hashable, Sendable {
    /// In the order in which they must be declared.
    public var exchanges: [Topology.Exchange]
    /// In the order in which they must be declared.
    public var queues: [Topology.Queue]
    /// After both.
    public var bindings: [Topology.Binding]

    /// Everything the fleet needs.
    public static func fleet() -> TopologyPlan {
        fleet(flows: FleetTopology.flows, questions: FleetTopology.questionQueues)
    }

    /// Everything the fleet needs for these flow queues and these queues of questions.
    public static func fleet(flows: [String], questions: [String] = []) -> TopologyPlan {
        var plan = TopologyPlan(
            exchanges: [
                .init(FleetTopology.unroutedExchange, kind: .fanout),
                .init(
                    FleetTopology.exchange, kind: .topic,
                    arguments: ["alternate-exchange": .string(FleetTopology.unroutedExchange)]),
                .init(FleetTopology.retryExchange, kind: .direct),
                .init(FleetTopology.deadExchange, kind: .direct),
                .init(FleetTopology.requeueExchange, kind: .direct),
            ],
            queues: [.endless(FleetTopology.unroutedQueue)], bindings: [])
        for flow in flows { plan.add(flow: flow) }
        for queue in questions { plan.add(questions: queue) }
        // Last, so that while bindings are being restored a message comes back to its sender, who tries again, and does
        // not end up here.
        plan.bindings.append(
            .init(exchange: FleetTopology.unroutedExchange, queue: FleetTopology.unroutedQueue, routingKey: ""))
        return plan
    }

    /// Only what one flow's worker depends on, for its start.
    static func flow(_ flow: String) -> TopologyPlan {
        let whole = fleet(flows: [flow])
        return TopologyPlan(
            exchanges: whole.exchanges, queues: whole.queues.filter { $0.name != FleetTopology.unroutedQueue },
            bindings: [])
    }

    /// Only what who answers the questions of one queue depends on, for its start.
    package static func questions(_ queue: String) -> TopologyPlan {
        let whole = fleet(flows: [], questions: [queue])
        return TopologyPlan(
            exchanges: whole.exchanges, queues: whole.queues.filter { $0.name == queue }, bindings: [])
    }

    private mutating func add(questions queue: String) {
        queues.append(.questions(queue))
        for type in FleetTopology.types(of: queue) {
            bindings.append(.init(exchange: FleetTopology.exchange, queue: queue, routingKey: type))
        }
    }

    private mutating func add(flow: String) {
        let dead = FleetTopology.deadQueue(flow)
        queues.append(.endless(dead))
        bindings.append(.init(exchange: FleetTopology.deadExchange, queue: dead, routingKey: dead))
        queues.append(
            .deadLettering(
                flow, to: FleetTopology.deadExchange, key: dead,
                extra: [("x-delivery-limit", .int64(Int64(FleetTopology.deliveryLimit)))]))
        bindings.append(.init(exchange: FleetTopology.requeueExchange, queue: flow, routingKey: flow))
        for type in FleetTopology.types(of: flow) {
            bindings.append(.init(exchange: FleetTopology.exchange, queue: flow, routingKey: type))
        }
        for tier in RetryTier.allCases {
            let name = FleetTopology.retryQueue(flow, tier)
            let milliseconds = Int64(tier.delay / .milliseconds(1))
            queues.append(
                .deadLettering(
                    name, to: FleetTopology.requeueExchange, key: flow, extra: [("x-message-ttl", .int64(milliseconds))]
                ))
            bindings.append(.init(exchange: FleetTopology.retryExchange, queue: name, routingKey: name))
        }
    }
}

extension Topology.Queue {
    /// A quorum queue that keeps its messages until somebody takes them. RabbitMQ 4 would drop a message at its 20th
    /// return; a huge limit is understood by every version, while "unlimited" (-1) means "none" to 3.10.
    fileprivate static func endless(_ name: String) -> Self {
        .quorum(name, arguments: ["x-delivery-limit": .int64(1_000_000_000)])
    }

    /// A queue that forgets: what expires there vanishes, and what does not fit is refused. Classic, because a question is
    /// not worth the copies that a quorum queue makes of it, nor the time.
    fileprivate static func questions(_ name: String) -> Self {
        .classic(
            name,
            arguments: [
                "x-message-ttl": .int64(Int64(FleetTopology.questionPatience / .milliseconds(1))),
                "x-max-length": .int64(FleetTopology.mostQuestions), "x-overflow": "reject-publish",
            ])
    }

    /// A quorum queue whose messages go on to another exchange, never dropped on the way.
    fileprivate static func deadLettering(
        _ name: String, to exchange: String, key: String, extra: [(name: String, value: FieldValue)]
    ) -> Self {
        var arguments: FieldTable = [
            "x-dead-letter-exchange": .string(exchange), "x-dead-letter-routing-key": .string(key),
            "x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish",
        ]
        for entry in extra { arguments[entry.name] = entry.value }
        return .quorum(name, arguments: arguments)
    }
}
