import Fleet
import FleetTesting
import Ledger
import Testing

extension Rig {
    /// Exactly these orders are in the ERP, each entered once, and none was sent that the ERP had already: a second
    /// `POST` would be answered like the first, so that the books alone could never tell.
    ///
    /// - Parameter writes: How many writing requests of each order reached the books; nil where orders have several
    ///   revisions. A request that ran into a fault before it reached them does not count.
    func expectOnce(
        _ numbers: [String], writes: Int? = 1, _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let summary = try await simulator.summary()
        #expect(summary.orders == numbers.count, comment, sourceLocation: sourceLocation)
        #expect(summary.creates == numbers.count, comment, sourceLocation: sourceLocation)
        #expect(summary.duplicates == [], comment, sourceLocation: sourceLocation)
        let audit = Dictionary(
            grouping: try await simulator.writes().filter(\.reachedBooks)
        ) { $0.storeNumber }
        for number in numbers {
            let entries = audit[number] ?? []
            let story = Comment(rawValue: "\(comment?.rawValue ?? ""): \(number): \(entries)")
            #expect(!entries.contains { $0.effect == "repeated" }, story, sourceLocation: sourceLocation)
            #expect(entries.filter(\.isCreation).count == 1, story, sourceLocation: sourceLocation)
            let effects = Dictionary(grouping: entries.filter(\.isEffect)) { $0.revision }
            #expect(effects.values.allSatisfy { $0.count == 1 }, story, sourceLocation: sourceLocation)
            if let writes { #expect(entries.count == writes, story, sourceLocation: sourceLocation) }
        }
    }

    /// The store was shown each answer to these orders exactly once: every revision of a status is applied by one
    /// message only, each order that the ERP took has its status, and the history has a row for each that was shown, but for
    /// those that only restate the one before.
    func expectShownOnce(
        _ numbers: [String], _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let shown = try await ledger { try Shown($0) }
        for number in numbers {
            let applied = shown.applied[number] ?? [:]
            let story = Comment(rawValue: "\(comment?.rawValue ?? ""): \(number): \(applied)")
            #expect(applied.values.allSatisfy { $0 == 1 }, story, sourceLocation: sourceLocation)
            let history = shown.history[number] ?? []
            let isShown = history.isSubset(of: applied.keys) && history.min() == applied.keys.min()
            #expect(isShown, story, sourceLocation: sourceLocation)
            // An older status that came after a newer one is passed over, and that may happen to each of its copies.
            let seen = Set(applied.keys).union(shown.passedOver[number] ?? [])
            let effects = shown.effects[number] ?? 0
            #expect(effects > 0 && seen == Set(1...max(effects, 1)), story, sourceLocation: sourceLocation)
            #expect(applied[effects] == 1, story, sourceLocation: sourceLocation)
        }
    }
}

/// What the ledger says of the orders' statuses, by order number.
private struct Shown: Sendable {
    /// How often each revision of the status was applied.
    var applied: [String: [Int64: Int64]] = [:]
    /// The revisions that came too late to be applied.
    var passedOver: [String: Set<Int64>] = [:]
    /// How many of the order's own messages had an effect: so many statuses there must be.
    var effects: [String: Int64] = [:]
    /// The revisions in the store's history.
    var history: [String: Set<Int64>] = [:]

    init(_ snapshot: LedgerSnapshot) throws {
        let steps = try snapshot.query(
            """
            SELECT subject, type, revision, stage, count(*) FROM journal
            WHERE type LIKE 'order.%' AND stage IN ('applied', 'superseded') GROUP BY 1, 2, 3, 4
            """
        ) { ($0.text(0), $0.text(1), $0.integer(2), $0.text(3), $0.integer(4)) }
        for (subject, type, revision, stage, count) in steps {
            switch (type == "order.status.v1", stage == "applied") {
            case (true, true): applied[subject, default: [:]][revision] = count
            case (true, false): passedOver[subject, default: []].insert(revision)
            case (false, true): effects[subject, default: 0] += count
            case (false, false): break
            }
        }
        let rows = try snapshot.query("SELECT number, revision FROM store_order_history WHERE origin = 'online'") {
            ($0.text(0), $0.integer(1))
        }
        for (number, revision) in rows { history[number, default: []].insert(revision) }
    }
}
