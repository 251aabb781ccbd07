public import RabbitMQ

/// Makes a broker agree with a ``TopologyPlan``, and finds where it does not.
public struct TopologyDoctor: Sendable {
    /// One difference between plan and broker, and how to mend it.
    public struct Finding: Hashable, Sendable {
        /// The exchange, queue or binding.
        public var name: String
        /// What is different.
        public var sentence: String
        /// How to mend it.
        public var remedy: String
        /// Whether declaring it is all that it needs; else it is there in another shape.
        public var isMissing: Bool
    }

    /// What a look at the broker brought, and what it could not bring.
    public struct Examination: Hashable, Sendable {
        /// Every difference.
        public var findings: [Finding] = []
        /// What is there, but in a shape that this user is not allowed to compare.
        public var uncompared: [String] = []
    }

    private let admin: BrokerAdmin
    private let plan: TopologyPlan

    /// A doctor for one broker; the caller closes the connection.
    public init(admin: BrokerAdmin, plan: TopologyPlan) {
        self.admin = admin
        self.plan = plan
    }

    /// Declares everything, in the plan's order. Idempotent; nothing that exists is changed or deleted.
    /// - Throws: `preconditionFailed` at the first thing that exists in another shape; ``examine()`` before it says all of
    ///   them while nothing is declared yet.
    public func apply() async throws(BrokerError) {
        for exchange in plan.exchanges { try await admin.declare(exchange) }
        for queue in plan.queues { try await admin.declare(queue) }
        for binding in plan.bindings { try await admin.bind(binding) }
    }

    /// Every difference of exchanges and queues, without changing anything on the broker.
    ///
    /// The shape of what exists is compared by declaring it again, which needs the configure permission on its name;
    /// without that only its existence is known, and the examination says so. Bindings cannot be seen over AMQP.
    public func examine() async throws(BrokerError) -> Examination {
        var result = Examination()
        for exchange in plan.exchanges {
            let isThere = try await admin.hasExchange(exchange.name)
            try await result.add("exchange", exchange.name, isThere) { () throws(BrokerError) in
                try await admin.declare(exchange)
            }
        }
        for queue in plan.queues {
            let isThere = try await admin.status(ofQueue: queue.name) != nil
            try await result.add("queue", queue.name, isThere) { () throws(BrokerError) in
                _ = try await admin.declare(queue)
            }
        }
        return result
    }
}

extension TopologyDoctor.Examination {
    fileprivate mutating func add(
        _ kind: String, _ name: String, _ isThere: Bool, _ declare: () async throws(BrokerError) -> Void
    ) async throws(BrokerError) {
        guard isThere else { return findings.append(.missing(kind, name)) }
        do throws(BrokerError) {
            try await declare()
        } catch {
            switch error {
            case .preconditionFailed(let text): findings.append(.different(kind, name, text))
            case .accessRefused: uncompared.append(name)
            default: throw error
            }
        }
    }
}

extension TopologyDoctor.Finding {
    fileprivate static func missing(_ kind: String, _ name: String) -> Self {
        Self(
            name: name, sentence: "The \(kind) \(name) is missing.", remedy: "Run `stevedore topology apply`.",
            isMissing: true)
    }

    fileprivate static func different(_ kind: String, _ name: String, _ detail: String) -> Self {
        let delete =
            kind == "queue"
            ? "`rabbitmqctl delete_queue \(name)`"
            : "in the management page, or `rabbitmqadmin delete exchange name=\(name)`"
        return Self(
            name: name, sentence: "The \(kind) \(name) exists in another shape: \(detail)",
            remedy: "Drain the \(kind), delete it (\(delete)), then run `stevedore topology apply`.", isMissing: false)
    }

    /// A binding that the broker does not have.
    public static func missing(_ binding: Topology.Binding) -> Self {
        let key = binding.routingKey.isEmpty ? "" : " with the key \(binding.routingKey)"
        return Self(
            name: "\(binding.exchange) → \(binding.queue)",
            sentence: "The binding of \(binding.queue) to \(binding.exchange)\(key) is missing.",
            remedy: "Run `stevedore topology apply`.", isMissing: true)
    }
}
