public import RabbitMQ

/// Makes a broker agree with a ``TopologyPlan``, and finds where it does not.
public struct TopologyDoctor: Sendable {
    /// One difference between plan and broker, and how to mend it.
    public struct Finding: Hashable, Sendable {
        /// The exchange or queue.
        public var name: String
        /// What is different.
        public var sentence: String
        /// How to mend it.
        public var remedy: String
    }

    private let admin: BrokerAdmin
    private let plan: TopologyPlan

    /// A doctor for one broker; the caller closes the connection.
    public init(admin: BrokerAdmin, plan: TopologyPlan) {
        self.admin = admin
        self.plan = plan
    }

    /// Declares everything. Idempotent; nothing that exists is changed or deleted.
    /// - Throws: `preconditionFailed` when something exists in another shape; ``check()`` then says all of it.
    public func apply() async throws(BrokerError) {
        for exchange in plan.exchanges { try await admin.declare(exchange) }
        for queue in plan.queues { try await admin.declare(queue) }
        for binding in plan.bindings { try await admin.bind(binding) }
    }

    /// Every difference, without changing anything on the broker.
    ///
    /// A queue's arguments are compared by declaring it again, which needs the configure permission; without that only
    /// its existence is checked. Bindings cannot be seen over AMQP.
    public func check() async throws(BrokerError) -> [Finding] {
        var findings: [Finding] = []
        for exchange in plan.exchanges {
            guard try await admin.hasExchange(exchange.name) else {
                findings.append(.missing("exchange", exchange.name))
                continue
            }
            if let difference = try await difference({ () throws(BrokerError) in try await admin.declare(exchange) }) {
                findings.append(.different("exchange", exchange.name, difference))
            }
        }
        for queue in plan.queues {
            guard try await admin.status(ofQueue: queue.name) != nil else {
                findings.append(.missing("queue", queue.name))
                continue
            }
            if let difference = try await difference({ () throws(BrokerError) in _ = try await admin.declare(queue) }) {
                findings.append(.different("queue", queue.name, difference))
            }
        }
        return findings
    }

    private func difference(_ declare: () async throws(BrokerError) -> Void) async throws(BrokerError) -> String? {
        do throws(BrokerError) {
            try await declare()
            return nil
        } catch {
            switch error {
            case .preconditionFailed(let text): return text
            case .accessRefused: return nil
            default: throw error
            }
        }
    }
}

extension TopologyDoctor.Finding {
    fileprivate static func missing(_ kind: String, _ name: String) -> Self {
        Self(name: name, sentence: "The \(kind) \(name) is missing.", remedy: "Run `stevedore topology apply`.")
    }

    fileprivate static func different(_ kind: String, _ name: String, _ detail: String) -> Self {
        Self(
            name: name, sentence: "The \(kind) \(name) exists in another shape: \(detail)",
            remedy:
                "Drain the \(kind), delete it (`rabbitmqctl delete_\(kind) \(name)`), then run `stevedore topology apply`."
        )
    }
}
