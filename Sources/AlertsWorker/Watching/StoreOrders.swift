internal import Fleet
internal import Ledger
internal import Models

/// What orders that something is missing of are worth, as the store's tables have them; nothing where it has none.
struct StoreOrders {
    /// Of more the rest is not counted into what is at stake.
    static let most = 1_000

    private(set) var sum = StakeSum()
    var accounts: [String] { sum.accounts }
    var stakes: [AlertStake] { sum.stakes }

    init(_ missed: MissedExpectation, _ expectation: Expectation, _ snapshot: LedgerSnapshot) throws {
        let isThere = try snapshot.first("SELECT 1 FROM sqlite_schema WHERE name = 'store_order'") { $0.integer(0) }
        guard isThere != nil, expectation.heartbeat == nil else { return }
        var counted: Set<String> = []
        for row in try snapshot.missedExpectations(missed.name, limit: Self.most) {
            guard counted.insert("\(row.key.family) \(row.key.subject)").inserted else { continue }
            try add(row.key, snapshot)
        }
    }

    private mutating func add(_ key: ExpectationRow.Key, _ snapshot: LedgerSnapshot) throws {
        let origin = key.family == Catalogue.orderOffline.family ? "offline" : "online"
        let order = try snapshot.first(
            "SELECT account, total, currency FROM store_order WHERE number = ? AND origin = ?", .text(key.subject),
            .text(origin)
        ) { row in
            (account: row.optionalText(0), total: row.optionalText(1), currency: row.optionalText(2))
        }
        guard let order, let total = order.total.flatMap({ ExactDecimal($0) }),
            let currency = order.currency.flatMap({ Currency($0) })
        else { return }
        sum.add(total, in: currency, of: order.account)
    }
}
