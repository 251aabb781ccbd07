internal import ERP
internal import Ledger
internal import Models
internal import Storefront

/// What the store said of its own order at one of its revisions, as far as an ERP says it back: as that has it, or as
/// the store's row does.
struct StatedPart: Hashable, Sendable {
    /// The store's revision that it was said at; 0 where none is known.
    var revision: Int64
    /// Whose order it is; nil of an order without an account, and where it is not said.
    var account: String?
    /// What the order comes to, as it is written.
    var total: String?

    /// Where both speak of one revision and say different things. What the ERP does not say is not compared; at another
    /// revision a change is on its way, or was refused.
    static func differences(expected: StatedPart?, shown: StatedPart?) -> [ShownDifference] {
        guard let expected, let shown, expected.revision > 0, expected.revision == shown.revision else { return [] }
        var differences: [ShownDifference] = []
        if let account = expected.account, account != shown.account {
            differences.append(difference("account", account, shown.account))
        }
        if let total = expected.total, !isSame(total, shown.total) {
            differences.append(difference("total", total, shown.total))
        }
        return differences
    }

    /// Amounts are the same however many zeros they end with.
    private static func isSame(_ total: String, _ other: String?) -> Bool {
        guard let other else { return false }
        return total == other || ExactDecimal(total).map { $0 == ExactDecimal(other) } ?? false
    }

    private static func difference(_ column: String, _ expected: String, _ shown: String?) -> ShownDifference {
        ShownDifference(table: "store_order", column: column, values: .init(expected: expected, shown: shown))
    }
}

extension StatedPart {
    /// Of the store's own order; nil of all else.
    ///
    /// What the store said that the order comes to (``ERPOrder/total``) is meant, not what the ERP charges
    /// (``ERPOrder/totals``): that may differ for good, where a quote was an estimate, and an order status settles it.
    init?(_ change: ERPChange) {
        guard case .order(let order) = change else { return nil }
        self.init(revision: order.storeRevision, account: order.account, total: order.total?.description)
    }
}

/// Where what was said of orders is found.
enum StatedSource: Hashable, Sendable {
    /// Noted of what the ERP lists.
    case listing
    /// The store's rows.
    case store

    /// Of all orders behind a key and up to another that have it: asked once for a page.
    func parts(
        after last: ShownKey?, through end: ShownKey, _ snapshot: LedgerSnapshot
    ) throws -> [ShownKey: StatedPart] {
        let rows = try rows(after: last?.parts.first ?? "", through: end.parts.first ?? "", snapshot)
        return Dictionary(rows.map { ($0.key, $0.part) }) { first, _ in first }
    }

    private func rows(
        after start: String, through end: String, _ snapshot: LedgerSnapshot
    ) throws -> [(key: ShownKey, part: StatedPart)] {
        switch self {
        case .listing:
            return try snapshot.query(
                """
                SELECT subject, said_revision, said_account, said_total FROM erp_object
                WHERE kind = ? AND subject > ? AND subject <= ? AND said_revision IS NOT NULL
                """, .text(ShownKind.onlineOrder.rawValue), .text(start), .text(end)
            ) { (key: ShownKey([$0.text(0)]), part: StatedPart($0)) }
        case .store:
            return try snapshot.query(
                """
                SELECT number, taken_revision, account, total FROM store_order
                WHERE origin = 'online' AND number > ? AND number <= ? AND taken_revision IS NOT NULL
                """, .text(start), .text(end)
            ) { (key: ShownKey([$0.text(0)]), part: StatedPart($0)) }
        }
    }
}

extension StatedPart {
    /// Behind a key: revision, account, total.
    fileprivate init(_ row: borrowing SQLRow) {
        self.init(revision: row.integer(1), account: row.optionalText(2), total: row.optionalText(3))
    }
}

extension LedgerSnapshot {
    /// What the ERP's listing says of the store's order; nil where it lists none of that number.
    func listedPart(ofOrder number: String) throws -> StatedPart? {
        try first(
            """
            SELECT subject, said_revision, said_account, said_total FROM erp_object
            WHERE kind = ? AND subject = ? AND said_revision IS NOT NULL
            """, .text(ShownKind.onlineOrder.rawValue), .text(number)
        ) { StatedPart($0) }
    }

    /// What the store's row says of its order; nil where nobody noted that.
    func shownPart(ofOrder number: String) throws -> StatedPart? {
        try first(
            """
            SELECT number, taken_revision, account, total FROM store_order
            WHERE number = ? AND origin = 'online' AND taken_revision IS NOT NULL
            """, .text(number)
        ) { StatedPart($0) }
    }
}
