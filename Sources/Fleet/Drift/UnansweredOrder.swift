package import Ledger
internal import Models
package import Storefront

/// An order that the store shows as open and the ERP has never answered, as far as the ledger knows of its way there.
package struct UnansweredOrder: Hashable, Sendable {
    /// When the store took it, in microseconds since 1970; nil where nobody has noted that.
    package var takenAt: Int64?
    /// Why the ERP does not have it yet; nil when nothing here says.
    package var excuse: Excuse?
    /// The retry tier that it was put into last, when nothing has been heard of it since.
    package var retry: RetryStep?

    /// The same with what the clock and the broker say.
    /// - Parameters:
    ///   - settle: How long an order may take to get to a worker.
    ///   - isQueueEmpty: Whether the broker says that nothing waits on the way to the ERP, retries included.
    package func judged(at now: Int64, settle: Duration, isQueueEmpty: Bool) -> UnansweredOrder {
        guard excuse == nil else { return self }
        var order = self
        let patience = Int64(settle / .microseconds(1))
        let age = takenAt.map { max(0, now.subtractingReportingOverflow($0).partialValue) } ?? .max
        if age < patience {
            order.excuse = .onItsWay("the store has only just taken it")
        } else if !isQueueEmpty {
            order.excuse = .onItsWay("its message is in \(Catalogue.orderPlaced.queue), or waits to be tried again")
        } else if let retry, now < retry.patientUntil {
            order.excuse = .onItsWay(retry.excuse)
        }
        return order
    }
}

extension LedgerSnapshot {
    /// Those of some orders that the ERP has never answered and that the store shows as open, by their numbers. What is
    /// asked is asked for all of them together, however many wait.
    package func unansweredOrders(_ numbers: [String], now: Int64) throws -> [ShownKey: UnansweredOrder] {
        guard !numbers.isEmpty else { return [:] }
        var found = try openOrders(numbers, now)
        let waiting = found.keys.compactMap(\.parts.first)
        guard !waiting.isEmpty else { return [:] }
        for (key, excuse) in try outboxExcuses(waiting) { found[key]?.excuse = excuse }
        // A letter comes first: nothing else brings the order further while a person has to see to it.
        for (key, excuse) in try letterExcuses(waiting) { found[key]?.excuse = excuse }
        let unexplained = found.filter { $0.value.excuse == nil }.keys.compactMap(\.parts.first)
        for (number, retry) in try newestRetries(unexplained, types: Set(Self.orderTypes.map(\.name))) {
            found[ShownKey([number])]?.retry = retry
        }
        return found
    }

    /// With what a worker has in hand at this moment.
    private func openOrders(_ numbers: [String], _ now: Int64) throws -> [ShownKey: UnansweredOrder] {
        let rows = try query(
            text: """
                SELECT o.number, o.state, o.taken_at, coalesce(s.lease_holder IS NOT NULL AND s.lease_until > ?, 0)
                FROM store_order AS o LEFT JOIN subject_state AS s ON s.family = ? AND s.subject = o.number
                WHERE o.origin = 'online' AND o.erp_number IS NULL AND s.reference IS NULL
                    AND coalesce(s.revision, 0) = 0 AND o.number IN (\(Self.marks(numbers)))
                """, [.integer(now), .text(Catalogue.orderPlaced.family)] + numbers.map { SQLValue.text($0) }
        ) { row in
            (
                number: row.text(0), state: OrderStatus.State(rawValue: row.text(1)),
                takenAt: row.optionalInteger(2), isInHand: row.integer(3) != 0
            )
        }
        let open = rows.filter { $0.state?.isFinal != true }
        return open.reduce(into: [:]) { orders, row in
            let excuse = row.isInHand ? Excuse.onItsWay("a worker has it in hand") : nil
            orders[ShownKey([row.number])] = UnansweredOrder(takenAt: row.takenAt, excuse: excuse)
        }
    }

    private func outboxExcuses(_ numbers: [String]) throws -> [(ShownKey, Excuse)] {
        let rows = try query(
            text: "SELECT subject, type FROM outbox WHERE subject IN (\(Self.marks(numbers)))",
            numbers.map { SQLValue.text($0) }
        ) { (number: $0.text(0), type: $0.text(1)) }
        return rows.filter { row in Self.orderTypes.contains { $0.name == row.type } }.map {
            (ShownKey([$0.number]), Excuse.onItsWay("\($0.type) waits to be published"))
        }
    }

    /// The newest of each order's letters is the last. By the subjects, whatever else is open: SQLite would go through all
    /// open letters.
    private func letterExcuses(_ numbers: [String]) throws -> [(ShownKey, Excuse)] {
        let rows = try query(
            text: """
                SELECT subject, type, code, state, id, flow FROM dead_letter INDEXED BY dead_letter_unsettled
                WHERE state IN ('open', 'replayed') AND subject IN (\(Self.marks(numbers))) ORDER BY last_failed_at
                """, numbers.map { SQLValue.text($0) }
        ) { row in
            (
                number: row.text(0),
                letter: UnsettledLetter(
                    type: row.optionalText(1), code: row.text(2), state: row.text(3), id: row.text(4),
                    flow: row.text(5))
            )
        }
        return rows.filter { $0.letter.concerns(Self.orderTypes) }.map { (ShownKey([$0.number]), $0.letter.excuse) }
    }

    /// What the store says of its own orders.
    private static var orderTypes: [MessageType] {
        Catalogue.types.filter { $0.family == Catalogue.orderPlaced.family }
    }

    private static func marks(_ values: [String]) -> String {
        values.map { _ in "?" }.joined(separator: ", ")
    }
}

extension RetryStep {
    /// The broker may hold it where nobody can count it.
    fileprivate var excuse: String {
        let second = Timestamp(microseconds: dueAt - dueAt % 1_000_000)?.description ?? "an unknown time"
        return "it was to be back in \(Catalogue.orderPlaced.queue) from the retry tier \(tier.rawValue) at \(second), "
            + "and the broker may hold it because the queue was full"
    }
}
