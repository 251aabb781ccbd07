package import Models

/// What has to happen by when, and is an alarm when it does not: one entry of `expectations`.
package struct Expectation: Hashable, Sendable {
    /// What is waited for, and after what.
    package enum Kind: Hashable, Sendable {
        /// The ERP's answer to each revision of an order that came in one of these types.
        case answer(after: Set<String>)
        /// Shipments of all that an order says is shipped, once one of these types has it in one of these states; where
        /// that is a state before goods leave, the first shipment of all.
        case shipments(after: Set<String>, when: Set<OrderStatus.State>)
        /// A message of this type, again and again.
        case message(String)
        /// A read of this stream by the feed, or of each whose name begins with it and a slash, again and again.
        case feed(String)
    }

    /// Unique; what lists and alerts call it.
    package var name: String
    package var kind: Kind
    /// How much time it has, on the clock of its condition.
    package var within: Duration
    /// While what its time runs.
    package var condition: ExpectationCondition
    /// How bad it is when it is missed.
    package var severity: Alert.Severity

    package init(
        name: String, kind: Kind, within: Duration, condition: ExpectationCondition = .erp,
        severity: Alert.Severity = .error
    ) {
        self.name = name
        self.kind = kind
        self.within = within
        self.condition = condition
        self.severity = severity
    }
}

/// While what the time of an expectation runs.
package enum ExpectationCondition: String, Hashable, Sendable, CaseIterable {
    /// While nobody says that the ERP is out of reach: nothing is asked of it for as long as it is away.
    case erp
    /// Whatever the ERP does.
    case always
}

extension Expectation {
    /// How long it has, in microseconds.
    package var patience: Int64 { Int64(within / .microseconds(1)) }

    /// What comes again and again; nil for what answers something.
    package var heartbeat: String? {
        switch kind {
        case .message(let type): type
        case .feed(let stream): Self.feedPrefix + stream
        case .answer, .shipments: nil
        }
    }

    /// How a heartbeat of the feed is written.
    static let feedPrefix = "feed."

    /// The types that begin it; none for a heartbeat.
    package var openers: Set<String> {
        switch kind {
        case .answer(let types), .shipments(let types, _): types
        case .message, .feed: []
        }
    }

    /// The states in which an order waits for its first goods to leave.
    package static let beforeShipping: Set<OrderStatus.State> = [.received, .accepted, .held]
    /// The states in which nothing leaves any more.
    package static let withoutShipping: Set<OrderStatus.State> = [.cancelled, .rejected]
    /// The mark of an order's first shipment: the smallest quantity that can leave.
    package static let firstShipment: Int64 = 1

    /// The family of an order's own revisions.
    package static let orderFamily = Catalogue.orderPlaced.family

    /// Whether it is for objects of this family, or for this queue, as rows have it.
    package func concerns(family: String, subject: String) -> Bool {
        if let heartbeat { return family.isEmpty && subject == heartbeat }
        guard !family.isEmpty else { return queues.contains { Self.subject(ofQueue: $0) == subject } }
        return openers.contains { Catalogue.type(named: $0)?.family == family }
    }

    /// For people: `order.status.v1 within 15m after order.placed.v1`, `a read of feed.prices every 1d`.
    package var text: String {
        let time = Age.text(microseconds: patience)
        let after = openers.sorted().joined(separator: ", ")
        switch kind {
        case .answer: return "\(Catalogue.orderStatus) within \(time) after \(after)"
        case .shipments(_, let states):
            let words = states.map(\.rawValue).sorted().joined(separator: ", ")
            return "\(Catalogue.shipment) within \(time) after \(after) (\(words))"
        case .message(let type): return "\(type) every \(time)"
        case .feed(let stream): return "a read of \(Self.feedPrefix)\(stream) every \(time)"
        }
    }
}
