internal import Fleet
internal import RabbitMQ

/// A RabbitMQ definitions file: everything the fleet needs on a broker, without a secret.
///
/// Structure is in the queues' arguments; what an operator may want to tune is in policies, which can be changed while
/// messages flow.
struct BrokerDefinitions {
    var vhost: String
    var plan: TopologyPlan
    var users: [BrokerUser]
    /// Whether the users themselves are in it. Importing a user sets its password, here to none, also when it has one.
    var definesUsers = false
    /// Whether their permissions are in it; a broker takes them only for users that it has.
    var permits = false
    /// Most bytes in a flow or retry queue; publishes beyond are refused, never dropped.
    var flowLimit: Int64

    var json: JSONValue {
        var members: [(String, JSONValue)] = [("vhosts", [["name": .string(vhost)]])]
        if definesUsers { members.append(("users", .array(users.map(user)))) }
        if definesUsers || permits {
            members.append(("permissions", .array(users.map(permission))))
            members.append(("topic_permissions", .array(users.compactMap(topicPermission))))
        }
        members += [
            ("policies", .array([flowPolicy])), ("exchanges", .array(plan.exchanges.map(exchange))),
            ("queues", .array(plan.queues.map(queue))), ("bindings", .array(plan.bindings.map(binding))),
        ]
        return .object(members.map { JSONValue.Member(name: $0.0, value: $0.1) })
    }

    private func user(_ user: BrokerUser) -> JSONValue {
        [
            "name": .string(user.name), "password_hash": "", "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": .array(user.tags.map { .string($0) }), "limits": [:],
        ]
    }

    private func permission(_ user: BrokerUser) -> JSONValue {
        [
            "user": .string(user.name), "vhost": .string(vhost), "configure": .string(user.configure),
            "write": .string(user.write), "read": .string(user.read),
        ]
    }

    private func topicPermission(_ user: BrokerUser) -> JSONValue? {
        user.routingKeys.map { keys in
            [
                "user": .string(user.name), "vhost": .string(vhost), "exchange": .string(FleetTopology.exchange),
                "write": .string(keys), "read": .string(BrokerUser.nothing),
            ]
        }
    }

    private var flowPolicy: JSONValue {
        // A full queue of copies would refuse a message that its own queue has room for; questions are counted, and gone in a
        // minute, by the arguments of their queue.
        let limited = plan.queues.filter { $0.arguments["x-overflow"] != nil }.map(\.name)
            .filter { !FleetTopology.flows.contains($0) || !FleetTopology.isObserver($0) }
            .filter { !FleetTopology.questionQueues.contains($0) }
        return [
            "vhost": .string(vhost), "name": "stevedore-flow-limit", "pattern": .string(BrokerUser.exactly(limited)),
            "apply-to": "queues", "priority": 1, "definition": ["max-length-bytes": .integer(flowLimit)],
        ]
    }

    private func exchange(_ exchange: Topology.Exchange) -> JSONValue {
        [
            "name": .string(exchange.name), "vhost": .string(vhost), "type": .string(exchange.kind.rawValue),
            "durable": .boolean(exchange.isDurable), "auto_delete": false, "internal": false,
            "arguments": JSONValue(exchange.arguments),
        ]
    }

    private func queue(_ queue: Topology.Queue) -> JSONValue {
        [
            "name": .string(queue.name), "vhost": .string(vhost), "durable": .boolean(queue.isDurable),
            "auto_delete": .boolean(queue.isAutoDelete), "arguments": JSONValue(queue.arguments),
        ]
    }

    private func binding(_ binding: Topology.Binding) -> JSONValue {
        [
            "source": .string(binding.exchange), "vhost": .string(vhost), "destination": .string(binding.queue),
            "destination_type": "queue", "routing_key": .string(binding.routingKey),
            "arguments": JSONValue(binding.arguments),
        ]
    }
}
