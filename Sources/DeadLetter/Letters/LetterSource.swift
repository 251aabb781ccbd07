internal import Fleet

/// Where letters lie.
enum LetterSource: Hashable, Sendable {
    /// The dead-letter queue of a flow.
    case dead(flow: String)
    /// What no queue wanted when it was published.
    case unrouted

    /// All there are.
    static var all: [LetterSource] { FleetTopology.flows.map { .dead(flow: $0) } + [.unrouted] }

    /// By the queue's name; nil when it holds no letters.
    init?(queue: String) {
        guard let source = Self.all.first(where: { $0.queue == queue }) else { return nil }
        self = source
    }

    var queue: String {
        switch self {
        case .dead(let flow): FleetTopology.deadQueue(flow)
        case .unrouted: FleetTopology.unroutedQueue
        }
    }

    /// The flow, as lists and filters name it.
    var flow: String {
        switch self {
        case .dead(let flow): flow
        case .unrouted: FleetTopology.unroutedQueue
        }
    }
}
