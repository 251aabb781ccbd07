package import Ledger
internal import Models

/// All that is missed now under one name.
package struct MissedExpectation: Hashable, Sendable {
    /// The declaration's name.
    package var name: String
    /// How many objects and queues; where there are very many, how many of those that were missed first.
    package var count: Int64
    /// Some of the objects by their business keys, those that were missed first.
    package var subjects: [String]
    /// Since when the first of them is waited for, in microseconds since 1970.
    package var oldestSince: Int64
    /// When the last of them was missed, in microseconds since 1970.
    package var latest: Int64
    /// The queues from which nobody takes what waits in them.
    package var queues: [String]
    /// Whether there are more than were counted.
    package var isMore: Bool

    package init(
        name: String, count: Int64, subjects: [String], oldestSince: Int64, latest: Int64, queues: [String] = [],
        isMore: Bool = false
    ) {
        self.name = name
        self.count = count
        self.subjects = subjects
        self.oldestSince = oldestSince
        self.latest = latest
        self.queues = queues
        self.isMore = isMore
    }

    /// Of more rows the rest is not counted.
    package static let most: Int64 = 10_000
}

extension LedgerSnapshot {
    /// What is missed, by name; none in a ledger without these tables. What has happened since is not among it.
    package func missedExpectations() throws -> [MissedExpectation] {
        guard try ExpectationTables.areThere(self) else { return [] }
        return try expectationNames().compactMap { name in
            let most = MissedExpectation.most
            let sum = try first(ExpectationSQL.missedSum, .text(name), .integer(most + 1)) { row in
                (rows: row.integer(0), count: row.integer(1), oldest: row.integer(2))
            }
            guard let sum, sum.rows > 0 else { return nil }
            let latest = try first(ExpectationSQL.missedLatest, .text(name)) { $0.integer(0) }
            let queues = try query(ExpectationSQL.missedQueues, .text(name)) { ExpectationRow($0) }
            return MissedExpectation(
                name: name, count: min(sum.count, most), subjects: try missedSubjects(name), oldestSince: sum.oldest,
                latest: latest ?? sum.oldest, queues: queues.compactMap(\.key.queue), isMore: sum.rows > most)
        }
    }

    /// Several marks of one object are one object.
    private func missedSubjects(_ name: String) throws -> [String] {
        let rows = try missedExpectations(name, limit: Alert.mostSubjects * 4)
        return Array(
            rows.reduce(into: [String]()) { subjects, row in
                if row.key.queue == nil, !subjects.contains(row.key.subject) { subjects.append(row.key.subject) }
            }.prefix(Alert.mostSubjects))
    }
}

extension Expectation {
    /// What is said of it in an alert.
    package func sentence(of missed: MissedExpectation) -> String {
        [sentence(of: missed.queues), sentence(ofObjectsIn: missed)].compactMap(\.self).joined(separator: " ")
    }

    private var time: String { Age.text(microseconds: patience) }

    private func sentence(of queues: [String]) -> String? {
        guard let last = queues.last else { return nil }
        let list = queues.dropLast().joined(separator: ", ") + (queues.count > 1 ? " and " : "") + last
        return "Messages wait in \(list), and no worker takes them: none was taken within \(time)\(clause)."
    }

    private func sentence(ofObjectsIn missed: MissedExpectation) -> String? {
        let count = missed.count - Int64(missed.queues.count)
        let more = missed.isMore ? "More than " : ""
        switch kind {
        case .answer where count > 0:
            let orders = Count.text(Int(count), "order has", "orders have")
            return "\(more)\(orders) had no answer from the ERP within \(time)\(clause)."
        case .shipments(_, let states) where count > 0:
            let orders = Count.text(Int(count), "order is", "orders are")
            return "\(more)\(orders) \(Self.lack(after: states)) within \(time)\(clause)."
        case .answer, .shipments: return nil
        case .message(let type): return "No \(type) has come within \(time)\(clause)."
        case .feed(let stream): return "The feed has not read \(stream) within \(time)\(clause)."
        }
    }

    /// What is said of an order in one of these states, and what the store does not have of it.
    private static func lack(after states: Set<OrderStatus.State>) -> String {
        let early = states.intersection(beforeShipping).map(\.rawValue).sorted().joined(separator: " or ")
        let ofAll = "and the store has no shipment of all of it"
        guard !early.isEmpty else { return "said to be shipped, \(ofAll)" }
        guard states.isSubset(of: beforeShipping) else {
            return "\(early), or said to be shipped, \(ofAll), or none at all,"
        }
        return "\(early), and the store has no shipment"
    }

    private var clause: String { condition == .erp ? ", in which the ERP was within reach" : "" }

    /// What to do about it.
    package var remedy: String {
        switch kind {
        case .answer:
            "Ask `stevedore why` of one of them: it says where the order, or its answer, is. Where messages wait in a "
                + "queue, see that its worker runs."
        case .shipments:
            "Ask `stevedore why` of one of them; if no shipment was told of, look for it in the ERP. Where messages "
                + "wait in a queue, see that its worker runs."
        case .message: "See that its sender runs, and `stevedore status` whether a queue stands still."
        case .feed: "See `erp-feed status`: a feed has to run, and to reach the ERP."
        }
    }

    /// Commands that help, the first one first.
    package func commands(for missed: MissedExpectation) -> [String] {
        switch kind {
        case .answer, .shipments:
            (missed.queues.isEmpty ? [] : ["stevedore status"])
                + missed.subjects.prefix(1).map { "stevedore why \(Self.word($0))" } + [Self.listing]
        case .message: ["stevedore status", Self.listing]
        case .feed: ["erp-feed status", Self.listing]
        }
    }

    private static let listing = "stevedore expectations"

    /// As a shell takes it for one word, whatever a producer has written into it.
    private static func word(_ subject: String) -> String {
        let isPlain = subject.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-")...UInt8(ascii: "/"):
                true
            default: byte == UInt8(ascii: "_")
            }
        }
        guard !isPlain else { return subject }
        let parts = InertText.line(subject).split(separator: "'", omittingEmptySubsequences: false)
        return "'" + parts.joined(separator: "'\\''") + "'"
    }

    /// The flow that it is about, by its queue; nil for a read of the feed.
    package var flow: String? {
        switch kind {
        case .answer: Catalogue.orderPlaced.queue
        case .shipments: Catalogue.shipment.queue
        case .message(let type): Catalogue.type(named: type)?.queue
        case .feed: nil
        }
    }

    /// The code of its alert.
    package static let missedCode = "expectation.missed"
}
