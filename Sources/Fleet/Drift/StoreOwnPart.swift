package import Ledger
internal import Models

/// What the store itself has said of its order (account, sums, addresses, contact), which no answer of the ERP gives
/// back.
enum StoreOwnPart: Sendable {
    /// The store shows it, or the order never came by here.
    case settled
    /// The store shows none of it, and the message that said so is kept.
    case kept(StoredMessage)
    /// The store shows none of it, and nothing here has it any more: the store has to publish the order again, at this
    /// revision.
    case lost(next: Int64)
}

extension LedgerSnapshot {
    /// Numbers behind one and up to another of orders that were handed over here, and of which the store shows no more
    /// than the ERP says. One question for a whole page.
    package func ordersWithoutOwnPart(after last: String, through end: String) throws -> [String] {
        try query(
            """
            SELECT o.number FROM store_order AS o CROSS JOIN subject_state AS s
            WHERE o.origin = 'online' AND o.number > ?1 AND o.number <= ?2 AND o.taken_revision IS NULL
                AND o.currency IS NULL AND s.family = ?3 AND s.subject = o.number AND s.revision > 0
            """, .text(last), .text(end), .text(Catalogue.orderPlaced.family)
        ) { $0.text(0) }
    }

    /// Whether that one is such an order.
    package func lacksOwnPart(_ number: String) throws -> Bool {
        try first(
            """
            SELECT 1 FROM store_order AS o CROSS JOIN subject_state AS s
            WHERE o.number = ?1 AND o.origin = 'online' AND o.taken_revision IS NULL AND o.currency IS NULL
                AND s.family = ?2 AND s.subject = ?1 AND s.revision > 0
            """, .text(number), .text(Catalogue.orderPlaced.family)
        ) { _ in true } ?? false
    }

    /// How the store's own order is shown again: where it stands, what the store said of it, or both.
    /// - Parameters:
    ///   - isOwnPart: Whether only what the store said of it is missing.
    ///   - hasTables: False for a store that is only posted to: nothing here says what that shows.
    package func orderRestatement(of number: String, isOwnPart: Bool, hasTables: Bool) throws -> RepairStep {
        guard hasTables else { return .status }
        switch try ownPart(of: number) {
        case .settled: return isOwnPart ? .impossible("What the store said of it is there again.") : .status
        case .kept: return isOwnPart ? .note : .whole
        case .lost(let next):
            guard isOwnPart else { return .bare(next) }
            return .impossible(
                "The store shows no account, sums or addresses of it, and no message here has them any more: publish "
                    + "the order again, at revision \(next).")
        }
    }

    func ownPart(of number: String) throws -> StoreOwnPart {
        let isShown = try first(
            """
            SELECT taken_revision IS NOT NULL OR currency IS NOT NULL FROM store_order
            WHERE number = ? AND origin = 'online'
            """, .text(number)
        ) { $0.integer(0) != 0 }
        guard isShown != true, let state = try subjectState(family: Catalogue.orderPlaced.family, subject: number),
            state.wanted > 0
        else { return .settled }
        let noted = try subjectState(family: Self.notedFamily, subject: number)?.revision ?? 0
        // What is older than was noted would be left out by whoever notes it.
        guard noted <= state.wanted, let message = try keptOrder(number, state) else {
            let last = max(noted, state.wanted)
            return .lost(next: last < .max ? last + 1 : last)
        }
        return .kept(message)
    }

    /// Under which the flow that only looks on counts what it has seen.
    fileprivate static var notedFamily: String { "\(Catalogue.orderPlaced.family)@\(Catalogue.takenOrders)" }
}

extension LedgerTransaction {
    /// Has an order noted once more as it was handed over, by the flow that only looks on: the ERP hears nothing of it.
    /// - Returns: false when the store shows it again, or its body is not kept any more.
    package func noteAgain(_ number: String, _ note: RepairNote, at now: Int64) throws -> Bool {
        guard case .kept(let message) = try ownPart(of: number) else { return false }
        let noted = try subjectState(family: Self.notedFamily, subject: number)?.revision ?? 0
        // Else it would be taken for a repetition, and left out.
        guard
            try noted < message.revision
                || reopen(family: Self.notedFamily, subject: number, revision: message.revision, now: now)
        else { return false }
        try enqueueOutbox(
            OutboxMessage(
                id: message.id, exchange: FleetTopology.requeueExchange, routingKey: Catalogue.takenOrders,
                contentType: IncomingMessage.structured, type: message.type, subject: message.subject,
                revision: message.revision, body: message.body), at: now)
        try journal(
            message.id, message.type, message.subject, message.revision, "what the store said of it noted again", note,
            now)
        return true
    }
}
