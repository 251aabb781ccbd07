internal import Fleet
internal import Ledger
internal import Models

/// Says of what is expected whether it has happened: from where things stand, not from what was heard of them, so that
/// whatever was not heard closes an expectation as well.
struct ExpectationJudge: Sendable {
    /// Whether the store's tables are there to be asked.
    let hasTables: Bool

    /// What becomes of it now; nil when it is still expected and has not happened.
    func verdict(
        on row: ExpectationRow, of expectation: Expectation, _ snapshot: LedgerSnapshot
    ) throws -> ExpectationVerdict? {
        guard expectation.concerns(family: row.key.family, subject: row.key.subject) else {
            return .dropped("its declaration was changed")
        }
        guard expectation.heartbeat == nil, row.key.queue == nil else { return nil }
        let standing = try standing(of: row.key.family, row.key.subject, for: expectation, snapshot)
        return try verdict(on: row, standing, snapshot)
    }

    /// The same where it is known how the object stands.
    func verdict(
        on row: ExpectationRow, _ standing: Standing, _ snapshot: LedgerSnapshot
    ) throws -> ExpectationVerdict? {
        if let verdict = standing.verdict(on: row.key.mark) { return verdict }
        guard row.key.family == Expectation.orderFamily else { return nil }
        switch try letter(of: row, snapshot) {
        case .discarded: return .dropped("its message was discarded")
        case .open: return .suspended
        default: return nil
        }
    }

    /// How an object stands.
    func standing(
        of family: String, _ subject: String, for expectation: Expectation, _ snapshot: LedgerSnapshot
    ) throws -> Standing {
        switch expectation.kind {
        case .answer: Standing(met: try answered(subject, snapshot))
        case .shipments(_, let states): try shipped(family, subject, states, snapshot)
        case .message, .feed: Standing(met: .min)
        }
    }

    // MARK: - Orders

    /// The order's newest revision whose answer is applied.
    private func answered(_ number: String, _ snapshot: LedgerSnapshot) throws -> Int64 {
        if hasTables, let shown = try snapshot.first(ExpectationEvidence.answered, .text(number), row: Self.number) {
            return shown
        }
        // Posts leave no trace of what they answered, but every status that was stated says so when the last is applied.
        let family = Catalogue.orderStatus.family
        let stated = try snapshot.first(ExpectationEvidence.stated, .text(family), .text(number), row: Self.number) ?? 0
        let applied = try snapshot.subjectState(family: family, subject: number)?.revision ?? 0
        return try applied > 0 && applied >= stated ? snapshot.statedAnswer(family: family, subject: number) : 0
    }

    private static func number(_ row: borrowing SQLRow) -> Int64 { row.integer(0) }

    /// Open while the revision waits for a person, who has an alert of it already; discarded when one has decided that it is
    /// not needed. One that came again later is another matter.
    private func letter(of row: ExpectationRow, _ snapshot: LedgerSnapshot) throws -> DeadLetterState? {
        try snapshot.first(
            ExpectationEvidence.letter, .text(row.key.subject), .integer(row.key.mark),
            .text(Catalogue.orderPlaced.queue), .integer(row.since)
        ) { $0.text(0) }.flatMap { DeadLetterState(rawValue: $0) }
    }

    // MARK: - Shipments

    private func shipped(
        _ family: String, _ number: String, _ states: Set<OrderStatus.State>, _ snapshot: LedgerSnapshot
    ) throws -> Standing {
        guard hasTables else { return Standing(met: .min) }
        // What it says is shipped was read from there: without its row, somebody has removed it.
        guard let order = try ShippedOrder(number, Self.origin(family), snapshot) else {
            return Standing(met: .min, end: "the store does not have the order any more")
        }
        let isOver = order.state.map { Expectation.withoutShipping.contains($0) } ?? false
        let first = Expectation.firstShipment
        return Standing(
            met: max(order.covered, order.hasLeft ? first : 0), most: max(order.shipped, first),
            end: isOver ? "the order is cancelled" : nil, claimed: Self.claimed(order, states))
    }

    /// What may be waited for of an order in its state: shipments of all that it says is shipped, or the first one of
    /// an order of which nothing has left yet.
    private static func claimed(_ order: ShippedOrder, _ states: Set<OrderStatus.State>) -> Int64? {
        guard let state = order.state, states.contains(state) else { return nil }
        if order.covered < order.shipped { return order.shipped }
        return Expectation.beforeShipping.contains(state) && !order.hasLeft ? Expectation.firstShipment : nil
    }

    /// As the store's tables have it.
    private static func origin(_ family: String) -> String {
        family == Catalogue.orderOffline.family ? "offline" : "online"
    }

    /// The order that a shipment is of, by family and number; nil where that is not known.
    func order(ofShipment id: String, _ snapshot: LedgerSnapshot) throws -> (family: String, number: String)? {
        guard hasTables else { return nil }
        return try snapshot.first(ExpectationEvidence.order, .text(id)) { row in
            (
                family: row.text(1) == "offline" ? Catalogue.orderOffline.family : Catalogue.orderStatus.family,
                number: row.text(0)
            )
        }
    }
}
