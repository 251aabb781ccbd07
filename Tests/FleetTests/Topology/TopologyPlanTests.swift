import Models
import RabbitMQ
import Testing

@testable import Fleet

@Suite struct TopologyPlanTests {
    private let plan = TopologyPlan.fleet()

    private func text(_ queue: Topology.Queue, _ argument: String) -> String? { queue.arguments[argument]?.text }

    @Test("every queue but those of questions is a durable quorum queue")
    func quorum() {
        for queue in plan.queues where !FleetTopology.questionQueues.contains(queue.name) {
            #expect(text(queue, "x-queue-type") == "quorum", "\(queue.name)")
            #expect(queue.isDurable && !queue.isExclusive && !queue.isAutoDelete, "\(queue.name)")
        }
        #expect(plan.exchanges.allSatisfy { $0.isDurable })
    }

    @Test("wherever the broker itself dead-letters, it does so at least once")
    func atLeastOnce() {
        for queue in plan.queues where text(queue, "x-dead-letter-exchange") != nil {
            #expect(text(queue, "x-dead-letter-strategy") == "at-least-once", "\(queue.name)")
            #expect(text(queue, "x-overflow") == "reject-publish", "\(queue.name)")
            #expect(text(queue, "x-dead-letter-routing-key") != nil, "\(queue.name)")
        }
    }

    @Test("the broker gives up on a flow's message only into its dead-letter queue")
    func flowQueues() throws {
        for flow in FleetTopology.flows {
            let queue = try #require(plan.queues.first { $0.name == flow })
            #expect(text(queue, "x-dead-letter-exchange") == FleetTopology.deadExchange)
            #expect(text(queue, "x-dead-letter-routing-key") == flow + ".dead")
            #expect(queue.arguments["x-delivery-limit"]?.integer == 20)
            #expect(queue.arguments["x-message-ttl"] == nil)
        }
    }

    @Test("a retry tier waits as long as its name says and leads back to its flow")
    func tiers() throws {
        for flow in FleetTopology.flows {
            for tier in RetryTier.allCases {
                let queue = try #require(plan.queues.first { $0.name == "\(flow).retry.\(tier.rawValue)" })
                #expect(queue.arguments["x-message-ttl"]?.integer == Int64(tier.delay / .milliseconds(1)))
                #expect(text(queue, "x-dead-letter-exchange") == FleetTopology.requeueExchange)
                #expect(text(queue, "x-dead-letter-routing-key") == flow)
            }
        }
    }

    @Test("a dead-letter queue neither expires, nor drops, nor passes on")
    func deadQueues() throws {
        let names = FleetTopology.flows.map(FleetTopology.deadQueue) + [FleetTopology.unroutedQueue]
        for name in names {
            let queue = try #require(plan.queues.first { $0.name == name })
            let arguments = Set(queue.arguments.entries.map(\.name))
            #expect(arguments == ["x-queue-type", "x-delivery-limit"])
            #expect((queue.arguments["x-delivery-limit"]?.integer ?? 0) >= 1_000_000)
        }
    }

    @Test("each message type is bound to its queue, and every dead-lettering finds a queue")
    func bindings() {
        for type in Catalogue.routed {
            let expected = Topology.Binding(exchange: "commerce", queue: type.queue, routingKey: type.name)
            #expect(plan.bindings.contains(expected), "\(type)")
        }
        for queue in plan.queues {
            guard let exchange = text(queue, "x-dead-letter-exchange") else { continue }
            let key = text(queue, "x-dead-letter-routing-key")
            #expect(plan.bindings.contains { $0.exchange == exchange && $0.routingKey == key }, "\(queue.name)")
        }
    }

    @Test("what nobody wants is kept: the main exchange has an alternate, and that has a queue")
    func unrouted() throws {
        let commerce = try #require(plan.exchanges.first { $0.name == "commerce" })
        let alternate = try #require(commerce.arguments["alternate-exchange"]?.text)
        #expect(plan.bindings.contains { $0.exchange == alternate && $0.queue == "unrouted" })
        let order = plan.exchanges.map(\.name)
        #expect(try #require(order.firstIndex(of: alternate)) < (try #require(order.firstIndex(of: "commerce"))))
    }

    @Test("no binding uses the default exchange, and each end exists")
    func ends() {
        let (exchanges, queues) = (Set(plan.exchanges.map(\.name)), Set(plan.queues.map(\.name)))
        for binding in plan.bindings {
            #expect(exchanges.contains(binding.exchange) && queues.contains(binding.queue))
        }
        #expect(queues.count == plan.queues.count, "no queue twice")
    }

    @Test("a queue of questions is classic, forgets within a minute, refuses what is too much, and stands alone")
    func questions() throws {
        #expect(FleetTopology.questionQueues == ["quotes.to-erp"])
        let around = plan.queues.filter { $0.name.hasPrefix("quotes.") }
        let queue = try #require(around.first)
        #expect(around.count == 1 && queue.isDurable && !queue.isExclusive && !queue.isAutoDelete)
        #expect(text(queue, "x-queue-type") == "classic" && text(queue, "x-overflow") == "reject-publish")
        #expect(queue.arguments["x-message-ttl"]?.integer == 60_000)
        #expect(queue.arguments["x-max-length"]?.integer == 10_000)
        #expect(text(queue, "x-dead-letter-exchange") == nil)
        let binding = Topology.Binding(exchange: "commerce", queue: queue.name, routingKey: "quote.requested.v1")
        #expect(plan.bindings.filter { $0.queue == queue.name } == [binding])
        #expect(!FleetTopology.flows.contains(queue.name) && !FleetTopology.isObserver(queue.name))
    }

    @Test("a reply is bound to nothing, and who answers questions depends on their queue only")
    func answerers() {
        #expect(!plan.bindings.contains { $0.routingKey == "quote.answered.v1" || $0.queue.isEmpty })
        let own = TopologyPlan.questions("quotes.to-erp")
        #expect(own.queues.map(\.name) == ["quotes.to-erp"] && own.bindings.isEmpty)
        #expect(own.exchanges.map(\.name).contains(FleetTopology.exchange))
        #expect(!TopologyPlan.fleet(flows: ["orders.to-erp"]).queues.contains { $0.name == "quotes.to-erp" })
    }

    @Test("a flow's worker depends on its own queues only")
    func oneFlow() {
        let names = TopologyPlan.flow("orders.to-erp").queues.map(\.name)
        #expect(names.allSatisfy { $0.hasPrefix("orders.to-erp") })
        #expect(names.count == 2 + RetryTier.allCases.count)
    }

    @Test("a dead-letter queue's name leads to its flow")
    func names() {
        #expect(FleetTopology.flow(ofDeadQueue: "orders.to-erp.dead") == "orders.to-erp")
        #expect(FleetTopology.flow(ofDeadQueue: "orders.to-erp") == nil)
    }
}
