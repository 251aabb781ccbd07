internal import Fleet
internal import Models
internal import RabbitMQ

/// One broker user per program, each with the least it needs.
///
/// Publishing needs `write` on the exchange, consuming `read` on the queue. RabbitMQ 4.3 answers a passive declare only
/// to who has any permission on the object, so tools that look at queues may read them.
enum LeastPrivilege {
    static func users() -> [BrokerUser] {
        [store] + workers + answerers + [feed, deadLetter, stevedore, topology]
    }

    /// The store publishes what goes to the ERP, and nothing else. Answers to its questions reach it by
    /// `amq.rabbitmq.reply-to`, which takes no permission; an answer queue of its own would take one on that name.
    private static var store: BrokerUser {
        BrokerUser(
            name: "store", write: BrokerUser.exactly([FleetTopology.exchange]),
            routingKeys: BrokerUser.exactly(types(.toERP)))
    }

    /// One worker program per group of flows: `orders.to-erp` and `orders.to-store` belong to `orders-worker`.
    private static var workers: [BrokerUser] {
        let groups = Dictionary(grouping: FleetTopology.flows) { String($0.prefix { $0 != "." }) }
        return groups.sorted { $0.key < $1.key }.map { worker($0 + "-worker", flows: $1.sorted()) }
    }

    /// A worker refuses to start on a flow queue of another shape, and comparing takes the permission to configure it. That
    /// also allows to delete that queue; but who consumes a queue can empty it anyway. Retry and dead-letter queues it may
    /// only fill, so nobody who takes a worker over can take a letter away; their shape is for the topology user to check.
    private static func worker(_ name: String, flows: [String]) -> BrokerUser {
        // Only for the look at start, on RabbitMQ 4.3: writing to a queue or reading from an exchange moves no message.
        let looked = TopologyPlan.fleet(flows: flows)
        let queues = looked.queues.map(\.name).filter { $0 != FleetTopology.unroutedQueue && !flows.contains($0) }
        return BrokerUser(
            name: name, configure: BrokerUser.exactly(flows),
            write: BrokerUser.exactly(
                [
                    FleetTopology.exchange, FleetTopology.retryExchange, FleetTopology.deadExchange,
                    FleetTopology.requeueExchange,
                ] + queues),
            read: BrokerUser.exactly(flows + [FleetTopology.unroutedExchange, FleetTopology.requeueExchange]),
            // All workers of a ledger share its outbox: whoever is there sends what another one left, to the store or,
            // again, to a queue that has lost it.
            routingKeys: BrokerUser.exactly(types(.toStore) + types(.toPeople)))
    }

    /// One program per queue of questions. Its answers go through the default exchange, `amq.default` to permissions, to
    /// whatever queue an asker names. It shares the workers' outbox as they do, and so sends what one of them has left.
    private static var answerers: [BrokerUser] {
        FleetTopology.questionQueues.map { queue in
            let group = String(queue.prefix { $0 != "." })
            return BrokerUser(
                name: group + "-worker", configure: BrokerUser.exactly([queue]),
                write: BrokerUser.exactly([
                    FleetTopology.exchange, FleetTopology.requeueExchange, FleetTopology.retryExchange,
                    FleetTopology.deadExchange, "amq.default",
                ]),
                read: BrokerUser.exactly([queue, FleetTopology.unroutedExchange]),
                routingKeys: BrokerUser.exactly(types(.toStore) + types(.toPeople)))
        }
    }

    /// Publishes what goes to the store, and consumes nothing. It shares the workers' outbox and so sends what one of them
    /// left, too, also straight to a queue. The exchanges that it may read it only looks for at its start; without a queue
    /// of its own that moves no message.
    private static var feed: BrokerUser {
        BrokerUser(
            name: "erp-feed", write: BrokerUser.exactly([FleetTopology.exchange, FleetTopology.requeueExchange]),
            read: BrokerUser.exactly([
                FleetTopology.unroutedExchange, FleetTopology.retryExchange, FleetTopology.deadExchange,
            ]),
            routingKeys: BrokerUser.exactly(types(.toStore) + types(.toPeople)))
    }

    /// Takes dead letters and puts them back into their flow, and what was unrouted back to where it came in; a question
    /// never, because nobody waits for its answer any more.
    private static var deadLetter: BrokerUser {
        BrokerUser(
            name: "dead-letter",
            write: BrokerUser.exactly([FleetTopology.requeueExchange, FleetTopology.exchange]),
            read: BrokerUser.exactly(FleetTopology.flows.map(FleetTopology.deadQueue) + [FleetTopology.unroutedQueue]),
            routingKeys: BrokerUser.exactly(Catalogue.routed.filter { !$0.isQuestion }.map(\.name)))
    }

    /// `stevedore publish`, `quote` and `status`: publishes every type that is routed, looks at every queue.
    private static var stevedore: BrokerUser {
        BrokerUser(
            name: "stevedore", write: BrokerUser.exactly([FleetTopology.exchange]),
            read: BrokerUser.exactly(TopologyPlan.fleet().queues.map(\.name)),
            routingKeys: BrokerUser.exactly(Catalogue.routed.map(\.name)))
    }

    /// `stevedore topology apply`: declares, which with dead-lettering needs reading the queue and writing the exchange.
    private static var topology: BrokerUser {
        let plan = TopologyPlan.fleet()
        let names = BrokerUser.exactly(plan.exchanges.map(\.name) + plan.queues.map(\.name))
        return BrokerUser(name: "stevedore-topology", configure: names, write: names, read: names)
    }

    private static func types(_ direction: MessageType.Direction) -> [String] {
        Catalogue.types.filter { $0.direction == direction }.map(\.name)
    }
}
