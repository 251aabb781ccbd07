internal import Models

/// What waits in one flow for a system that is away, as the broker counts it.
package struct FlowBacklog: Hashable, Sendable {
    /// The flow's queue.
    package var flow: String
    /// Messages that wait for a worker; nil when the queue is missing.
    package var ready: Int?
    /// Messages that a worker has taken and not answered. The broker does not count them as ready, and they are not done.
    package var inHand: Int
    /// Messages that wait in the retry tiers.
    package var retrying: Int
    package var deadLetters: Int
    /// Workers that take from the queue now.
    package var workers: Int
    /// Workers that are there and take nothing for now, because what they would call is away.
    package var paused: Int

    package init(
        flow: String, ready: Int?, inHand: Int = 0, retrying: Int = 0, deadLetters: Int = 0, workers: Int = 0,
        paused: Int = 0
    ) {
        (self.flow, self.ready, self.inHand, self.retrying) = (flow, ready, inHand, retrying)
        (self.deadLetters, self.workers, self.paused) = (deadLetters, workers, paused)
    }

    /// - Parameter count: What the broker says of a queue; nil when there is none of that name.
    package init(flow: String, _ count: (String) -> (ready: Int, workers: Int)?) {
        let queue = count(flow)
        self.init(
            flow: flow, ready: queue?.ready,
            retrying: Self.tiers(of: flow).reduce(0) { $0 + (count($1)?.ready ?? 0) },
            deadLetters: count(FleetTopology.deadQueue(flow))?.ready ?? 0, workers: queue?.workers ?? 0)
    }

    /// What waits to be worked off, with what is in hand. What is a dead letter waits for a person.
    package var waiting: Int { (ready ?? 0) + inHand + retrying }

    /// `2`, `1 paused`, `2, 1 paused`: a worker that pauses has left the queue, and is there all the same.
    package var workersText: String {
        guard paused > 0 else { return Count.grouped(workers) }
        return (workers > 0 ? "\(Count.grouped(workers)), " : "") + "\(Count.grouped(paused)) paused"
    }

    // MARK: - Queues

    /// The flows of which the messages wait at the broker while a destination is away. None for one that is worked for
    /// out of the ledger: see ``PostBacklog``.
    package static func flows(to destination: String) -> [String] {
        guard destination == erp else { return [] }
        return FleetTopology.flows.filter { flow in
            Catalogue.types.contains { $0.queue == flow && $0.direction == .toERP }
        }
    }

    /// The destination of all calls that bring the store's messages to the ERP.
    package static let erp = "erp"

    /// Every queue that is counted of a flow.
    package static func queues(of flow: String) -> [String] {
        [flow] + tiers(of: flow) + [FleetTopology.deadQueue(flow)]
    }

    /// Where a flow's messages wait for their next attempt.
    package static func tiers(of flow: String) -> [String] {
        RetryTier.allCases.map { FleetTopology.retryQueue(flow, $0) }
    }

    /// The names of the messages of some flows.
    static func types(of flows: [String]) -> [String] {
        let flows = Set(flows)
        return Catalogue.types.filter { flows.contains($0.queue) }.map(\.name)
    }
}
