package import Ledger
internal import Models

/// All that is missed now under one name.
package struct MissedExpectation: Hashable, Sendable {
    /// The declaration's name.
    package var name: String
    /// How many objects.
    package var count: Int64
    /// Some of them by their business keys, those that were missed first.
    package var subjects: [String]
    /// Since when the first of them is waited for, in microseconds since 1970.
    package var oldestSince: Int64
    /// When the last of them was missed, in microseconds since 1970.
    package var latest: Int64

    package init(name: String, count: Int64, subjects: [String], oldestSince: Int64, latest: Int64) {
        self.name = name
        self.count = count
        self.subjects = subjects
        self.oldestSince = oldestSince
        self.latest = latest
    }
}

extension LedgerSnapshot {
    /// What is missed, by name; none in a ledger without these tables. What has happened since is not among it.
    package func missedExpectations() throws -> [MissedExpectation] {
        guard try ExpectationTables.areThere(self) else { return [] }
        return try expectationNames().compactMap { name in
            let sum = try first(ExpectationSQL.missedCount, .text(name)) { row in
                (count: row.integer(0), oldest: row.integer(1), latest: row.integer(2))
            }
            guard let sum, sum.count > 0 else { return nil }
            return MissedExpectation(
                name: name, count: sum.count, subjects: try missedSubjects(name), oldestSince: sum.oldest,
                latest: sum.latest)
        }
    }

    /// Several marks of one object are one object.
    private func missedSubjects(_ name: String) throws -> [String] {
        let rows = try missedExpectations(name, limit: Alert.mostSubjects * 4)
        return Array(
            rows.reduce(into: [String]()) { subjects, row in
                if !subjects.contains(row.key.subject) { subjects.append(row.key.subject) }
            }.prefix(Alert.mostSubjects))
    }
}

extension Expectation {
    /// What is said of it in an alert.
    package func sentence(of missed: MissedExpectation) -> String {
        let time = Age.text(microseconds: patience)
        switch kind {
        case .answer:
            let orders = Count.text(Int(missed.count), "order has", "orders have")
            return "\(orders) had no answer from the ERP within \(time)\(clause)."
        case .shipments:
            let orders = Count.text(Int(missed.count), "order is", "orders are")
            return "\(orders) said to be shipped, and the store has no shipment of all of it within \(time)\(clause)."
        case .message(let type): return "No \(type) has come within \(time)\(clause)."
        case .feed(let stream): return "The feed has not read \(stream) within \(time)\(clause)."
        }
    }

    private var clause: String { condition == .erp ? ", in which the ERP was within reach" : "" }

    /// What to do about it.
    package var remedy: String {
        switch kind {
        case .answer: "Ask `stevedore why` of one of them: it says where the order, or its answer, is."
        case .shipments: "Ask `stevedore why` of one of them; if no shipment was told of, look for it in the ERP."
        case .message: "See that its sender runs, and `stevedore status` whether a queue stands still."
        case .feed: "See `erp-feed status`: a feed has to run, and to reach the ERP."
        }
    }

    /// Commands that help, the first one first.
    package func commands(for missed: MissedExpectation) -> [String] {
        switch kind {
        case .answer, .shipments: missed.subjects.prefix(1).map { "stevedore why \(Self.word($0))" } + [Self.listing]
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
