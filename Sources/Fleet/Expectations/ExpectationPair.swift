internal import Models

/// Which message may be expected after which: only where something tells whether the one answers the other.
struct ExpectationPair: Hashable {
    let after: MessageType
    let expect: MessageType

    /// All there are.
    static let all = [
        ExpectationPair(after: Catalogue.orderPlaced, expect: Catalogue.orderStatus),
        ExpectationPair(after: Catalogue.orderAmended, expect: Catalogue.orderStatus),
        ExpectationPair(after: Catalogue.orderCancelled, expect: Catalogue.orderStatus),
        ExpectationPair(after: Catalogue.orderStatus, expect: Catalogue.shipment),
        ExpectationPair(after: Catalogue.orderOffline, expect: Catalogue.shipment),
    ]

    /// The types after which this one may be expected.
    static func openers(of expected: MessageType) -> [MessageType] {
        all.filter { $0.expect == expected }.map(\.after)
    }

    /// For people: `order.status.v1 after order.placed.v1, order.amended.v1 or order.cancelled.v1; shipment.v1 after …`.
    static var text: String {
        var expected: [MessageType] = []
        for pair in all where !expected.contains(pair.expect) { expected.append(pair.expect) }
        return expected.map { type in
            let names = openers(of: type).map(\.name)
            let list = names.dropLast().joined(separator: ", ") + (names.count > 1 ? " or " : "") + (names.last ?? "")
            return "\(type) after \(list)"
        }.joined(separator: "; ")
    }
}
